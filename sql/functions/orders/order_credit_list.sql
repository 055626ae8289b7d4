create or replace view orders.order_credit_list with (security_barrier = true) as
select
    c.order_id,
    o.order_number,
    c.credit_no,
    c.line_no,
    c.quantity,
    o.currency,
    c.amount,
    c.reason,
    c.credit_after,
    c.created_at
from orders.order_credits as c
inner join orders.orders as o on o.order_id = c.order_id;

comment on view orders.order_credit_list is
'What of orders no longer has to be paid, and why. Replica: yes.';
grant select on orders.order_credit_list to orders_service;
