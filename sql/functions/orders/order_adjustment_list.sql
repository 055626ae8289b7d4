create or replace view orders.order_adjustment_list with (security_barrier = true) as
select
    a.order_id,
    o.order_number,
    a.line_no,
    a.adjustment_no,
    a.kind,
    a.code,
    a.label,
    a.rate,
    o.currency,
    a.amount
from orders.order_adjustments as a
inner join orders.orders as o on o.order_id = a.order_id;

comment on view orders.order_adjustment_list is
'Discounts and taxes of the lines of orders. Replica: yes.';
grant select on orders.order_adjustment_list to orders_service;
