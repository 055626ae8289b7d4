-- Send out what was sold. The stock last, in lock order.
create or replace function inventory.ship_holds(p_items jsonb, p_reference text)
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_taken inventory.inventory_reservations[];
    v_line record;
    v_stock inventory.inventory;
begin
    v_taken := inventory.take_open_quantity(p_items, true);
    perform inventory.emit_stock_updated(
        'ship', array_agg(t.variant_id), array_agg(0::bigint),
        array_agg(-t.quantity::bigint), array_agg(-t.quantity::bigint)
    )
    from unnest(v_taken) as t;

    for v_line in
        select t.variant_id, t.location_id, t.reservation_id, t.quantity
        from unnest(v_taken) as t
        order by t.variant_id, t.location_id, t.reservation_id
    loop
        select i.* into strict v_stock
        from inventory.inventory as i
        where i.variant_id = v_line.variant_id and i.location_id = v_line.location_id
        for no key update;
        perform inventory.move_stock(
            v_stock, 'shipment', -v_line.quantity, 0, null, p_reference,
            v_line.reservation_id
        );
    end loop;
    return v_taken;
end;
$function$;

comment on function inventory.ship_holds(jsonb, text) is
'Ships committed reservations, whosever they are; returns them with the units shipped as their
quantity. Errors: those of inventory.take_open_quantity.';
