create or replace view payment.refund_list with (security_barrier = true) as
select
    r.public_id as refund,
    o.order_number,
    p.public_id as payment,
    p.provider,
    r.amount,
    p.currency,
    r.reason_code,
    r.note,
    r.return_no,
    r.status,
    r.status = 'approved' or r.status = 'processing' and exists (
        select
        from payment.payment_transactions as t
        where t.order_id = r.order_id and t.refund_id = r.refund_id and t.kind = 'refund'
        and t.status in ('pending', 'timed_out')
        and (t.status = 'timed_out' or t.claimed_until <= clock_timestamp())
    ) as is_due,
    r.error_code,
    r.error_reason,
    r.requested_at,
    r.requested_by,
    r.decided_at,
    r.decided_by,
    r.closed_at,
    r.order_id,
    r.refund_id,
    r.version
from payment.refunds as r
inner join payment.payments as p on p.order_id = r.order_id and p.payment_id = r.payment_id
inner join orders.orders as o on o.order_id = r.order_id;

comment on view payment.refund_list is
'Refunds; by status and requested_at the queue of those that wait for somebody (requested) or for a
worker (approved, processing). is_due says that payment.begin_refund would ask the provider now:
nobody has, or the answer never came. For editors. Replica: yes.';
grant select on payment.refund_list to payment_editor;
