-- An order, its lines and its payments have one currency, and every amount its decimals.
select
    'order ' || o.order_id as object,
    jsonb_build_object('currency', o.currency, 'exponent', o.exponent, 'other', c.other) as detail
from orders.orders as o
cross join lateral (
    select jsonb_build_array('line', i.line_no, i.currency, i.exponent) as other
    from orders.order_items as i
    where i.order_id = o.order_id
    and (i.currency, i.exponent) is distinct from (o.currency, o.exponent)
    union all
    select jsonb_build_array('payment', p.payment_id, p.currency, p.amount)
    from payment.payments as p
    where p.order_id = o.order_id
    and (p.currency <> o.currency or p.amount <> round(p.amount, o.exponent))
    union all
    select jsonb_build_array('credit', k.credit_no, k.amount)
    from orders.order_credits as k
    where k.order_id = o.order_id and k.amount <> round(k.amount, o.exponent)
) as c
union all
select
    'order ' || o.order_id,
    jsonb_build_object('currency', o.currency)
from orders.orders as o
where not exists (
    select
    from core.currencies as c
    where c.code = o.currency
)
