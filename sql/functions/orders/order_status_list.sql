create or replace view orders.order_status_list with (security_barrier = true) as
select
    h.order_id,
    o.order_number,
    h.seq,
    h.from_status,
    h.to_status,
    h.reason,
    h.actor,
    h.request_id,
    h.created_at
from orders.order_status_history as h
inner join orders.orders as o on o.order_id = h.order_id;

comment on view orders.order_status_list is
'Every status that orders have had, who changed it, and why. Replica: yes.';
grant select on orders.order_status_list to orders_editor;
