create or replace view orders.order_item_list with (security_barrier = true) as
select
    i.order_id,
    o.order_number,
    i.line_no,
    i.variant_id,
    i.sku,
    i.name,
    i.options,
    i.quantity,
    i.currency,
    i.list_price,
    i.unit_price,
    i.price_list,
    i.price_reason,
    i.line_subtotal,
    i.line_discount,
    i.line_tax,
    i.line_total,
    i.qty_cancelled,
    i.qty_shipped,
    i.qty_delivered,
    i.qty_return_requested,
    i.qty_returned,
    i.qty_written_off,
    i.fulfillment_status
from orders.order_items as i
inner join orders.orders as o on o.order_id = i.order_id;

comment on view orders.order_item_list is
'Lines of orders: what was bought at what price, and what became of the units. Replica: yes.';
grant select on orders.order_item_list to orders_service;
