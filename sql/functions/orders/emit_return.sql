-- Say what has become of a return. Keyed by the order, as parcels are. The customer's words stay
-- out.
create or replace function orders.emit_return(p_return orders.order_returns)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select events.emit(
    'return.' || (p_return).status, 'order', array[(p_return).order_id], array[null::bigint],
    array[jsonb_build_object(
        'order_id', (p_return).order_id,
        'order_number', (
            select o.order_number from orders.orders as o
            where o.order_id = (p_return).order_id
        ),
        'return_no', (p_return).return_no, 'status', (p_return).status,
        'version', (p_return).version,
        'items', (
            select jsonb_agg(
                jsonb_build_object('line_no', i.line_no, 'quantity', i.quantity)
                order by i.line_no
            )
            from orders.return_items as i
            where i.order_id = (p_return).order_id and i.return_no = (p_return).return_no
        )
    )]
);
$function$;

comment on function orders.emit_return(orders.order_returns) is
'Writes return.<status> with the return as it is now.';
