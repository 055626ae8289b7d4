create or replace view payment.payment_list with (security_barrier = true) as
select
    p.order_id,
    o.order_number,
    p.public_id as payment,
    p.provider,
    m.public_id as method,
    p.currency,
    p.amount,
    p.surplus,
    p.authorized,
    p.captured,
    p.refunded,
    p.refund_pending,
    p.charged_back,
    p.settled,
    p.fees,
    p.status,
    p.auth_expires_at as authorization_expires_at,
    p.attempts,
    p.version,
    p.created_at,
    p.updated_at,
    p.updated_by
from payment.payments as p
inner join orders.orders as o on o.order_id = p.order_id
left join payment.payment_methods as m on m.method_id = p.method_id;

comment on view payment.payment_list is
'Payments of orders, what became of their money, and by whom last. Replica: yes.';
grant select on payment.payment_list to payment_service;
