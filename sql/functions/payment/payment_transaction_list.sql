create or replace view payment.payment_transaction_list with (security_barrier = true) as
select
    t.order_id,
    o.order_number,
    p.public_id as payment,
    t.public_id as transaction,
    t.kind,
    t.status,
    t.amount,
    p.currency,
    t.provider,
    t.provider_ref,
    t.attempts,
    t.claimed_until,
    t.error_code,
    t.error_reason,
    t.created_at,
    t.completed_at,
    t.actor
from payment.payment_transactions as t
inner join payment.payments as p on p.order_id = t.order_id and p.payment_id = t.payment_id
inner join orders.orders as o on o.order_id = t.order_id;

comment on view payment.payment_transaction_list is
'The steps of payments: what was asked of providers, what they answered, and what nobody has
answered yet. Replica: yes.';
grant select on payment.payment_transaction_list to payment_service;
