-- Keep what an order holds until a time. Touches no stock. A hold that is overdue but that nobody
-- has taken is kept, too.
create or replace function inventory.extend_order_holds(
    p_order_id bigint, p_variant_ids bigint[], p_until timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_locked constant inventory.inventory_reservations[] := inventory.lock_order_holds(
        p_order_id, p_variant_ids
    );
    v_extended inventory.inventory_reservations[];
begin
    with extended as (
        update inventory.inventory_reservations as r
        set
            expires_at = p_until,
            seq = r.seq + 1,
            actor = core.actor()
        from unnest(v_locked) as l
        where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
        and l.status = 'active' and l.expires_at < p_until
        returning r.*
    )
    select array_agg(e order by e.reservation_id) into v_extended from extended as e;
    perform inventory.emit_reservations('reservation.extended', v_extended)
    where cardinality(v_extended) > 0;
end;
$function$;

comment on function inventory.extend_order_holds(bigint, bigint[], timestamptz) is
'Makes the active holds of an order for variants end at a time, none earlier than before.';
