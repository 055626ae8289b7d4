create or replace view orders.fulfillment_item_list with (security_barrier = true) as
select
    p.order_id,
    o.order_number,
    p.fulfillment_no,
    f.status as fulfillment_status,
    p.line_no,
    i.variant_id,
    i.sku,
    i.name,
    p.quantity
from orders.fulfillment_items as p
inner join orders.order_fulfillment as f
    on f.order_id = p.order_id and f.fulfillment_no = p.fulfillment_no
inner join orders.order_items as i on i.order_id = p.order_id and i.line_no = p.line_no
inner join orders.orders as o on o.order_id = p.order_id;

comment on view orders.fulfillment_item_list is
'What is in parcels. Replica: yes.';
grant select on orders.fulfillment_item_list to orders_service;
