-- An order that goes to the customer was covered: authorized, for it, was at least what it costs
-- less what it was credited. An authorisation may have ended since, or been given up; then nothing
-- more is sent.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'status', o.status, 'total', o.total, 'credit_total', o.credit_total,
        'authorized', coalesce(p.authorized, 0)
    ) as detail
from orders.orders as o
left join (
    select t.order_id, sum(t.amount) as authorized
    from payment.payment_transactions as t
    where t.kind = 'authorize' and t.status = 'succeeded'
    group by t.order_id
) as p on p.order_id = o.order_id
where o.status not in ('pending', 'cancelled', 'expired')
and coalesce(p.authorized, 0) < o.total - o.credit_total
