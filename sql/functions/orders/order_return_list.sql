create or replace view orders.order_return_list with (security_barrier = true) as
select
    r.order_id,
    o.order_number,
    r.return_no,
    r.status,
    r.reason,
    r.comment,
    r.requested_by,
    r.requested_at,
    r.decided_at,
    r.decided_by,
    r.decision_reason,
    r.received_at,
    r.closed_at,
    r.version,
    r.updated_at
from orders.order_returns as r
inner join orders.orders as o on o.order_id = r.order_id;

comment on view orders.order_return_list is
'Returns of orders, and what was decided of them. Replica: yes.';
grant select on orders.order_return_list to orders_editor;
