-- The discounts and taxes of a line are explained, each and to the last penny. A tax is its rate of
-- what the discounts have left, or the share of it that is in the price.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'line_discount', i.line_discount, 'line_tax', i.line_tax, 'count', i.adjustment_count,
        'discounts', a.discounts, 'taxes', a.taxes, 'adjustments', a.adjustments,
        'wrong_taxes', a.wrong
    ) as detail
from orders.order_items as i
cross join lateral (
    select
        count(*)::integer as adjustments,
        coalesce(sum(d.amount) filter (where d.kind = 'discount'), 0) as discounts,
        coalesce(sum(d.amount) filter (where d.kind = 'tax'), 0) as taxes,
        count(*) filter (
            where d.kind = 'tax' and d.amount <> round(
                (i.line_subtotal - i.line_discount) * d.rate
                / case when i.prices_include_tax then 1 + d.rates else 1 end, i.exponent
            )
        ) as wrong
    from (
        select
            x.kind, x.amount, x.rate,
            sum(x.rate) filter (where x.kind = 'tax') over () as rates
        from orders.order_adjustments as x
        where x.order_id = i.order_id and x.line_no = i.line_no
    ) as d
) as a
where (a.adjustments, a.discounts, a.taxes, a.wrong)
is distinct from (i.adjustment_count, i.line_discount, i.line_tax, 0)
