-- Let the head of a locked order say what its lines come to. Writes the row in any case: at the
-- stricter isolation levels that is what makes two calls for one order notice each other.
create or replace function orders.note_fulfillment(p_order orders.orders)
returns orders.orders
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
update orders.orders as o
set
    fulfillment_status = l.fulfillment_status,
    version = o.version + 1,
    updated_at = clock_timestamp(),
    updated_by = core.actor()
from (
    select
        case
            when sum(i.qty_cancelled) = sum(i.quantity) then 'cancelled'
            when sum(i.qty_shipped) = 0 then 'unfulfilled'
            when sum(i.qty_returned + i.qty_cancelled) = sum(i.quantity) then 'returned'
            when sum(i.qty_returned) > 0 then 'partially_returned'
            when sum(i.qty_shipped + i.qty_cancelled) < sum(i.quantity) then 'partially_shipped'
            when sum(i.qty_delivered) = sum(i.qty_shipped) then 'delivered'
            when sum(i.qty_delivered) > 0 then 'partially_delivered'
            else 'shipped'
        end as fulfillment_status
    from orders.order_items as i
    where i.order_id = (p_order).order_id
) as l
where o.order_id = (p_order).order_id
returning o.*;
$function$;

comment on function orders.note_fulfillment(orders.orders) is
'Brings fulfillment_status of a locked order up to date, and its version; returns it as it is now.';
