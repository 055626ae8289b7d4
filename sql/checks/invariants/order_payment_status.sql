-- What an order says of its money is what its payments come to, and it is paid once that much was
-- captured.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'payment_status', o.payment_status, 'to_be', s.payment_status, 'paid_at', o.paid_at,
        'due', o.total - o.credit_total, 'captured', m.captured
    ) as detail
from orders.orders as o
cross join lateral (
    select
        coalesce(sum(p.authorized), 0) as authorized,
        coalesce(sum(p.captured), 0) as captured,
        coalesce(sum(p.refunded), 0) as refunded,
        coalesce(sum(p.charged_back), 0) as charged_back
    from payment.payments as p
    where p.order_id = o.order_id
) as m
cross join lateral (
    select
        orders.payment_status_of(
            o.total - o.credit_total, m.authorized, m.captured, m.refunded, m.charged_back
        ) as payment_status
) as s
where o.payment_status <> s.payment_status
or m.captured > 0 and m.captured >= o.total and o.paid_at is null
or o.paid_at is not null and m.captured = 0
