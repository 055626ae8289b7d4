-- The sums of an order are those of its lines, and what it costs is what they come to. Keys from
-- line to line make anything else impossible; a restore that left them out would show here.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'order', jsonb_build_array(
            o.line_count, o.unit_count, o.subtotal, o.discount_total, o.tax_total
        ),
        'lines', jsonb_build_array(
            i.line_count, i.unit_count, i.subtotal, i.discount_total, i.tax_total
        ),
        'total', o.total
    ) as detail
from orders.orders as o
left join (
    select
        l.order_id,
        count(*)::integer as line_count,
        max(l.line_no) as last_line_no,
        sum(l.quantity)::bigint as unit_count,
        sum(l.line_subtotal) as subtotal,
        sum(l.line_discount) as discount_total,
        sum(l.line_tax) as tax_total
    from orders.order_items as l
    group by l.order_id
) as i on i.order_id = o.order_id
where (o.line_count, o.line_count, o.unit_count, o.subtotal, o.discount_total, o.tax_total)
    is distinct from (
        i.line_count, i.last_line_no, i.unit_count, i.subtotal, i.discount_total, i.tax_total
    )
or o.total <> o.subtotal - o.discount_total + o.shipping_total - o.shipping_discount
+ case when o.prices_include_tax then 0 else o.tax_total + o.shipping_tax end
