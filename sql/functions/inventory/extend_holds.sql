-- Keep the live holds of an owner for as long as new ones would last. Touches no stock. Those that
-- are past their expiry are not even locked: others may be waiting for them, and the caller may go
-- on to wait for theirs.
create or replace function inventory.extend_holds(p_owner text, p_variant_ids bigint[])
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_lasts constant interval := (inventory.reservation_limits(p_owner)).lasts;
    v_locked inventory.inventory_reservations[];
    v_extended inventory.inventory_reservations[];
    v_now timestamptz;
begin
    v_locked := array(
        select r
        from inventory.inventory_reservations as r
        where r.variant_id = any (p_variant_ids) and r.owner = p_owner and r.open_quantity > 0
        and r.status = 'active' and r.expires_at > clock_timestamp()
        order by r.reservation_id
        for no key update
    );
    v_now := clock_timestamp();
    with extended as (
        update inventory.inventory_reservations as r
        set
            expires_at = greatest(r.expires_at, v_now + v_lasts),
            seq = r.seq + 1,
            actor = core.actor()
        from unnest(v_locked) as l
        where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
        and l.expires_at > v_now
        returning r.*
    )
    select array_agg(e order by e.reservation_id) into v_extended from extended as e;
    perform inventory.emit_reservations('reservation.extended', v_extended)
    where cardinality(v_extended) > 0;
    return v_extended;
end;
$function$;

comment on function inventory.extend_holds(text, bigint[]) is
'Extends the holds of an owner for variants, those that are past their expiry excepted; returns them
as they are now, locked until the end of the transaction.';
