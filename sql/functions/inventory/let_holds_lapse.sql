-- Leave what ended orders hold to whoever needs it: buyers take overdue holds, and so does the
-- sweeper. Touches no stock, so that a call that goes on to take some locks it in one order. Nearly
-- all of the holds are overdue already, with their orders.
create or replace function inventory.let_holds_lapse(p_order_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
    v_locked inventory.inventory_reservations[];
    v_lapsed inventory.inventory_reservations[];
begin
    v_locked := array(
        select r
        from (
            select distinct i.order_id, i.variant_id
            from orders.order_items as i
            where i.order_id = any (p_order_ids)
        ) as n
        inner join inventory.inventory_reservations as r
            on r.variant_id = n.variant_id and r.owner = 'order:' || n.order_id
            and r.open_quantity > 0
        where r.status = 'active'
        order by r.reservation_id
        for no key update of r
    );
    with lapsed as (
        update inventory.inventory_reservations as r
        set
            expires_at = v_now,
            seq = r.seq + 1,
            actor = core.actor()
        from unnest(v_locked) as l
        where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
        and l.expires_at > v_now
        returning r.*
    )
    select array_agg(p order by p.reservation_id) into v_lapsed from lapsed as p;
    perform inventory.emit_reservations('reservation.lapsed', v_lapsed)
    where cardinality(v_lapsed) > 0;
end;
$function$;

comment on function inventory.let_holds_lapse(bigint[]) is
'Makes the active holds of orders overdue, where they are not.';
