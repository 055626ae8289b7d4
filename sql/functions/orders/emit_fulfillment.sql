-- Say what has become of a parcel. Keyed by the order, so that a relay delivers it among the
-- order's own events in the order in which they happened. No tracking number: it leads to an
-- address.
create or replace function orders.emit_fulfillment(
    p_fulfillment orders.order_fulfillment, p_what text
)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select events.emit(
    'fulfillment.' || p_what, 'order', array[(p_fulfillment).order_id], array[null::bigint],
    array[jsonb_build_object(
        'order_id', (p_fulfillment).order_id,
        'order_number', (
            select o.order_number from orders.orders as o
            where o.order_id = (p_fulfillment).order_id
        ),
        'fulfillment_no', (p_fulfillment).fulfillment_no, 'status', (p_fulfillment).status,
        'location', (p_fulfillment).location, 'carrier', (p_fulfillment).carrier,
        'version', (p_fulfillment).version,
        'items', (
            select jsonb_agg(
                jsonb_build_object('line_no', i.line_no, 'quantity', i.quantity)
                order by i.line_no
            )
            from orders.fulfillment_items as i
            where i.order_id = (p_fulfillment).order_id
            and i.fulfillment_no = (p_fulfillment).fulfillment_no
        )
    )]
);
$function$;

comment on function orders.emit_fulfillment(orders.order_fulfillment, text) is
'Writes fulfillment.<what> with the parcel as it is now.';
