-- What an order has been credited is the sum of its credits, and never more than it cost.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'total', o.total, 'credit_total', o.credit_total, 'credit_count', o.credit_count,
        'credits', coalesce(c.credits, 0), 'sum_of_credits', coalesce(c.amount, 0)
    ) as detail
from orders.orders as o
left join (
    select k.order_id, count(*)::integer as credits, sum(k.amount) as amount
    from orders.order_credits as k
    group by k.order_id
) as c on c.order_id = o.order_id
where (o.credit_count, o.credit_total)
is distinct from (coalesce(c.credits, 0), coalesce(c.amount, 0))
or o.credit_total not between 0 and o.total
