-- The amounts of a payment are the sums of its steps that succeeded.
select
    'payment ' || p.order_id || '-' || p.payment_id as object,
    jsonb_build_object(
        'payment', jsonb_build_object(
            'authorized', p.authorized, 'captured', p.captured, 'refunded', p.refunded,
            'charged_back', p.charged_back, 'settled', p.settled, 'fees', p.fees
        ),
        'transactions', to_jsonb(t)
    ) as detail
from payment.payments as p
cross join lateral (
    select
        coalesce(sum(s.amount) filter (where s.kind = 'authorize'), 0)
            - coalesce(sum(s.amount) filter (where s.kind in ('void', 'expiry')), 0) as authorized,
        coalesce(sum(s.amount) filter (where s.kind = 'capture'), 0) as captured,
        coalesce(sum(s.amount) filter (where s.kind = 'refund'), 0)
            - coalesce(sum(s.amount) filter (where s.kind = 'refund_reversal'), 0) as refunded,
        coalesce(sum(s.amount) filter (where s.kind = 'chargeback'), 0)
            - coalesce(sum(s.amount) filter (where s.kind = 'chargeback_reversal'), 0)
            as charged_back,
        coalesce(sum(s.amount) filter (where s.kind = 'settlement'), 0) as settled,
        coalesce(sum(s.amount) filter (where s.kind = 'fee'), 0) as fees
    from payment.payment_transactions as s
    where s.order_id = p.order_id and s.payment_id = p.payment_id and s.status = 'succeeded'
) as t
where (p.authorized, p.captured, p.refunded, p.charged_back, p.settled, p.fees)
is distinct from (t.authorized, t.captured, t.refunded, t.charged_back, t.settled, t.fees)
