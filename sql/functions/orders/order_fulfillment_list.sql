create or replace view orders.order_fulfillment_list with (security_barrier = true) as
select
    f.order_id,
    o.order_number,
    f.fulfillment_no,
    f.status,
    f.location,
    f.carrier,
    f.tracking,
    f.created_at,
    f.packed_at,
    f.shipped_at,
    f.in_transit_at,
    f.delivered_at,
    f.failed_at,
    f.returned_at,
    f.cancelled_at,
    f.version,
    f.updated_at
from orders.order_fulfillment as f
inner join orders.orders as o on o.order_id = f.order_id;

comment on view orders.order_fulfillment_list is
'Parcels of orders. Replica: yes.';
grant select on orders.order_fulfillment_list to orders_service;
