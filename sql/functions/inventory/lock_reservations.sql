-- Find and lock reservations by their handles, in ascending order.
--
-- A handle is variant_id-reservation_id: it carries the leading column of the key, so that the
-- row is found by one index and, on a sharded database, on one shard.
create or replace function inventory.lock_reservations(p_reservations text[])
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_locked inventory.inventory_reservations[];
    v_malformed text;
    v_missing jsonb;
begin
    if p_reservations is null or cardinality(p_reservations) not between 1 and 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_reservations', 'expected', '1 to 10000 handles'
        ));
    end if;
    select min(coalesce(h.handle, 'null')) into v_malformed
    from unnest(p_reservations) as h (handle)
    where coalesce(h.handle !~ '^[1-9][0-9]{0,17}-[1-9][0-9]{0,17}$', true);
    if v_malformed is not null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_reservations', 'handle', v_malformed,
            'expected', 'handles as inventory.reserve_inventory returned them'
        ));
    end if;

    v_locked := array(
        select r
        from (
            select distinct
                split_part(h.handle, '-', 1)::bigint as variant_id,
                split_part(h.handle, '-', 2)::bigint as reservation_id
            from unnest(p_reservations) as h (handle)
        ) as h
        cross join lateral (
            select s.*
            from inventory.inventory_reservations as s
            where s.variant_id = h.variant_id and s.reservation_id = h.reservation_id
            limit 1
        ) as s
        inner join inventory.inventory_reservations as r
            on r.variant_id = s.variant_id and r.reservation_id = s.reservation_id
        order by r.reservation_id
        for no key update of r
    );

    select jsonb_agg(distinct h.handle) into v_missing
    from unnest(p_reservations) as h (handle)
    where h.handle not in (
        select r.variant_id || '-' || r.reservation_id from unnest(v_locked) as r
    );
    if v_missing is not null then
        perform core.refuse('SHI03', jsonb_build_object('reservations', v_missing));
    end if;
    return v_locked;
end;
$function$;

comment on function inventory.lock_reservations(text[]) is
'The reservations of the handles, each once, locked until the end of the transaction.
Errors: INVALID_ARGUMENT, RESERVATION_NOT_FOUND.';
