-- Nothing is captured that was not authorized, given back that was not captured, or given back
-- twice: refunds and disputes that are pending count.
-- A check makes anything else impossible; a restore that left it out would show here.
select
    'payment ' || p.order_id || '-' || p.payment_id as object,
    jsonb_build_object(
        'amount', p.amount, 'surplus', p.surplus, 'authorized', p.authorized,
        'captured', p.captured, 'refunded', p.refunded, 'refund_pending', p.refund_pending,
        'charged_back', p.charged_back, 'settled', p.settled, 'fees', p.fees
    ) as detail
from payment.payments as p
where p.captured > p.authorized
or p.authorized > p.amount + p.surplus
or p.refunded + p.refund_pending + p.charged_back > p.captured
or p.settled > p.captured
or least(
    p.surplus, p.authorized, p.captured, p.refunded, p.refund_pending, p.charged_back, p.settled,
    p.fees
) < 0
