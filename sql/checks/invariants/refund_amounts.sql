-- What a payment says is given back, or is being given back, is what its refunds come to.
select
    'payment ' || p.order_id || '-' || p.payment_id as object,
    jsonb_build_object(
        'refunded', p.refunded, 'refund_pending', p.refund_pending,
        'succeeded', r.succeeded, 'pending', r.pending
    ) as detail
from payment.payments as p
cross join lateral (
    select
        coalesce(sum(f.amount) filter (where f.status = 'succeeded'), 0) as succeeded,
        coalesce(
            sum(f.amount) filter (where f.status in ('requested', 'approved', 'processing')), 0
        ) as pending
    from payment.refunds as f
    where f.order_id = p.order_id and f.payment_id = p.payment_id
) as r
where (p.refunded, p.refund_pending) is distinct from (r.succeeded, r.pending)
