-- An order, its lines and its payments have one currency, and every amount its decimals.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'currency', o.currency, 'exponent', o.exponent, 'of_the_line', i.currency,
        'digits_of_the_line', i.exponent
    ) as detail
from orders.order_items as i
inner join orders.orders as o on o.order_id = i.order_id
where (i.currency, i.exponent) is distinct from (o.currency, o.exponent)
union all
select
    'payment ' || p.order_id || '-' || p.payment_id,
    jsonb_build_object(
        'currency', o.currency, 'of_the_payment', p.currency, 'amount', p.amount
    )
from payment.payments as p
inner join orders.orders as o on o.order_id = p.order_id
where p.currency <> o.currency or p.amount <> round(p.amount, o.exponent)
union all
select
    'order ' || k.order_id || ' credit ' || k.credit_no,
    jsonb_build_object('currency', o.currency, 'amount', k.amount)
from orders.order_credits as k
inner join orders.orders as o on o.order_id = k.order_id
where k.amount <> round(k.amount, o.exponent)
union all
select
    'order ' || o.order_id,
    jsonb_build_object('currency', o.currency)
from orders.orders as o
left join core.currencies as c on c.code = o.currency
where c.code is null
