-- What shipping and cancelling share: take units off what committed reservations keep back.
--
-- Returns the reservations with the units taken in place of their quantity.
create or replace function inventory.take_open_quantity(p_items jsonb, p_is_shipment boolean)
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_locked inventory.inventory_reservations[];
    v_changed inventory.inventory_reservations[];
    v_bad jsonb;
begin
    perform core.check_items(
        p_items, '{"reservation": "text", "quantity?": "positive"}', core.rule('bulk_items_max')
    );
    select jsonb_agg(d.reservation) into v_bad
    from (
        select i.reservation
        from jsonb_to_recordset(p_items) as i (reservation text)
        group by i.reservation
        having count(*) > 1
    ) as d;
    if v_bad is not null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'reservations', v_bad, 'expected', 'each reservation once'
        ));
    end if;

    v_locked := inventory.lock_reservations(array(
        select i.reservation from jsonb_to_recordset(p_items) as i (reservation text)
    ));
    select jsonb_agg(jsonb_build_object(
        'reservation', l.variant_id || '-' || l.reservation_id, 'status', l.status
    ))
    into v_bad
    from unnest(v_locked) as l
    where l.status <> 'consumed' or l.open_quantity = 0;
    if v_bad is not null then
        perform core.refuse('SHI05', jsonb_build_object(
            'reservations', v_bad, 'expected', 'consumed, with units still open'
        ));
    end if;
    select jsonb_agg(jsonb_build_object(
        'reservation', i.reservation, 'quantity', i.quantity, 'open_quantity', l.open_quantity
    ))
    into v_bad
    from jsonb_to_recordset(p_items) as i (reservation text, quantity integer)
    inner join unnest(v_locked) as l on i.reservation = l.variant_id || '-' || l.reservation_id
    where i.quantity > l.open_quantity;
    if v_bad is not null then
        perform core.refuse('SHI10', jsonb_build_object('reservations', v_bad));
    end if;

    with changed as (
        update inventory.inventory_reservations as r
        set
            open_quantity = r.open_quantity - coalesce(i.quantity, r.open_quantity),
            shipped_quantity = r.shipped_quantity
                + case when p_is_shipment then coalesce(i.quantity, r.open_quantity) else 0 end,
            seq = r.seq + 1,
            actor = core.actor()
        from unnest(v_locked) as l
        inner join jsonb_to_recordset(p_items) as i (reservation text, quantity integer)
            on i.reservation = l.variant_id || '-' || l.reservation_id
        where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
        returning r.*
    )
    select array_agg(c order by c.reservation_id) into v_changed from changed as c;

    perform inventory.emit_reservations(
        case when p_is_shipment then 'reservation.shipped' else 'reservation.cancelled' end,
        v_changed
    );
    return array(
        select jsonb_populate_record(
            c, jsonb_build_object('quantity', l.open_quantity - c.open_quantity)
        )
        from unnest(v_changed) as c
        inner join unnest(v_locked) as l
            on l.variant_id = c.variant_id and l.reservation_id = c.reservation_id
    );
end;
$function$;

comment on function inventory.take_open_quantity(jsonb, boolean) is
'Reduces what committed reservations keep back; returns them with the units taken as their quantity.
Errors: RESERVATION_NOT_FOUND, RESERVATION_CLOSED, SHIPMENT_EXCEEDS_RESERVATION, INVALID_ARGUMENT.';
