-- What was sold of a variant is the lines of the orders that were confirmed, less their credits, as
-- soon as all changes are counted.
select
    'variant ' || coalesce(s.variant_id, t.variant_id) as object,
    jsonb_build_object(
        'currency', coalesce(s.currency, t.currency), 'sold', coalesce(s.units, 0),
        'revenue', coalesce(s.revenue, 0), 'counted', coalesce(t.units, 0),
        'counted_revenue', coalesce(t.revenue, 0)
    ) as detail
from (
    select p.variant_id, p.currency, sum(p.units) as units, sum(p.revenue) as revenue
    from (
        select i.variant_id, i.currency, i.quantity as units, i.line_total as revenue
        from orders.order_items as i
        inner join orders.orders as o on o.order_id = i.order_id
        where o.confirmed_at is not null
        union all
        select i.variant_id, i.currency, -coalesce(k.quantity, 0), -k.amount
        from orders.order_credits as k
        inner join orders.order_items as i on i.order_id = k.order_id and i.line_no = k.line_no
        inner join orders.orders as o on o.order_id = k.order_id
        where o.confirmed_at is not null
    ) as p
    group by p.variant_id, p.currency
) as s
full join (
    select p.variant_id, p.currency, sum(p.units) as units, sum(p.revenue) as revenue
    from (
        select v.variant_id, v.currency, v.units, v.revenue
        from orders.variant_sales as v
        union all
        -- What waits to be counted.
        select i.variant_id, i.currency, i.quantity, i.line_total
        from orders.sales_changes as c
        inner join orders.order_items as i on i.order_id = c.order_id
        where c.credit_no = 0
        union all
        select i.variant_id, i.currency, -coalesce(k.quantity, 0), -k.amount
        from orders.sales_changes as c
        inner join orders.order_credits as k on k.order_id = c.order_id and case c.credit_no
            when 0 then k.credit_no <= c.credits_before
            else k.credit_no = c.credit_no
        end
        inner join orders.order_items as i on i.order_id = k.order_id and i.line_no = k.line_no
    ) as p
    group by p.variant_id, p.currency
) as t on t.variant_id = s.variant_id and t.currency = s.currency
where (coalesce(s.units, 0), coalesce(s.revenue, 0))
is distinct from (coalesce(t.units, 0), coalesce(t.revenue, 0))
