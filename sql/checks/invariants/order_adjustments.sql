-- The discounts and taxes of a line are explained, each and to the last penny. A tax is its rate of
-- what the discounts have left, or the share of it that is in the price.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'line_discount', i.line_discount, 'line_tax', i.line_tax, 'count', i.adjustment_count,
        'discounts', coalesce(a.discounts, 0), 'taxes', coalesce(a.taxes, 0),
        'adjustments', coalesce(a.adjustments, 0)
    ) as detail
from orders.order_items as i
left join (
    select
        x.order_id, x.line_no,
        count(*)::integer as adjustments,
        sum(x.amount) filter (where x.kind = 'discount') as discounts,
        sum(x.amount) filter (where x.kind = 'tax') as taxes
    from orders.order_adjustments as x
    group by x.order_id, x.line_no
) as a on a.order_id = i.order_id and a.line_no = i.line_no
where (i.adjustment_count, i.line_discount, i.line_tax)
is distinct from (
    coalesce(a.adjustments, 0), coalesce(a.discounts, 0), coalesce(a.taxes, 0)
)
union all
select
    'order ' || t.order_id || ' line ' || t.line_no,
    jsonb_build_object(
        'tax', t.code, 'rate', t.rate, 'rates', t.rates, 'amount', t.amount,
        'base', i.line_subtotal - i.line_discount
    )
from (
    select
        x.order_id, x.line_no, x.code, x.rate, x.amount,
        sum(x.rate) over (partition by x.order_id, x.line_no) as rates
    from orders.order_adjustments as x
    where x.kind = 'tax'
) as t
inner join orders.order_items as i on i.order_id = t.order_id and i.line_no = t.line_no
where t.amount <> round(
    (i.line_subtotal - i.line_discount) * t.rate
    / case when i.prices_include_tax then 1 + t.rates else 1 end, i.exponent
)
