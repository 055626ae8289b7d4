-- Sweep holds that are past their expiry, beside live traffic.
--
-- Nothing depends on it: buyers reclaim overdue holds themselves, and commit refuses them.
-- Variants go in ascending order, each in a subtransaction, so that one broken variant harms no
-- other. Holds that somebody is closing at this moment are skipped.
create or replace function inventory.cleanup_expired_reservations(p_limit integer default 1000)
returns table (variant_id bigint, reservations integer, units bigint, error text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_left integer := p_limit;
    v_now timestamptz;
    v_holds inventory.inventory_reservations[];
begin
    if p_limit is null or p_limit not between 1 and 100000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_limit', 'expected', 'a number of reservations from 1 to 100000'
        ));
    end if;
    variant_id := 0;
    while v_left > 0 loop
        -- From one variant with an overdue hold to the next, along the index.
        v_now := clock_timestamp();
        select r.variant_id into variant_id
        from inventory.inventory_reservations as r
        where r.variant_id > cleanup_expired_reservations.variant_id and r.status = 'active'
        and r.expires_at <= v_now
        order by r.variant_id, r.expires_at
        limit 1;
        exit when not found;

        reservations := 0;
        units := 0;
        error := null;
        begin
            v_holds := array(
                select r
                from inventory.inventory_reservations as r
                where r.variant_id = cleanup_expired_reservations.variant_id
                and r.status = 'active' and r.expires_at <= v_now
                order by r.expires_at
                limit v_left
                for no key update skip locked
            );
            continue when cardinality(v_holds) = 0;
            perform inventory.close_reservations(v_holds, 'expired');
            perform inventory.credit_reservations('expire', v_holds);
            select count(*), sum(h.open_quantity) into reservations, units
            from unnest(v_holds) as h;
            v_left := v_left - reservations;
        exception
            when integrity_constraint_violation or no_data_found then
                error := sqlstate || ': ' || sqlerrm;
        end;
        return next;
    end loop;
end;
$function$;

comment on function inventory.cleanup_expired_reservations(integer) is
'Expires up to p_limit (1 to 100,000) overdue holds and makes their units available. Returns a row
a variant with what it did, or the error that kept it from one, in which case it did nothing
there. A call is one transaction; repeat it until no row has reservations above 0. Errors:
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function inventory.cleanup_expired_reservations(integer) to inventory_service;
