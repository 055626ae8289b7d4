-- What was sold was sold at a price that it had: of its list and currency, for so many units. Where
-- another one was agreed, the line says why.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'sku', i.sku, 'price_list', i.price_list, 'unit_price', i.unit_price,
        'currency', i.currency
    ) as detail
from orders.order_items as i
left join (
    select
        h.variant_id, h.amount, x.currency, l.code as price_list,
        min(x.min_quantity) as min_quantity
    from product.price_history as h
    inner join product.prices as x on x.variant_id = h.variant_id and x.price_id = h.price_id
    inner join product.price_lists as l on l.price_list_id = x.price_list_id
    group by h.variant_id, h.amount, x.currency, l.code
) as p
    on p.variant_id = i.variant_id and p.amount = i.unit_price and p.currency = i.currency
    and p.price_list = i.price_list
where i.price_reason is null
and (
    p.variant_id is null
    -- Of a variant on several lines all units count.
    or p.min_quantity > i.quantity and p.min_quantity > (
        select sum(s.quantity)
        from orders.order_items as s
        where s.order_id = i.order_id and s.variant_id = i.variant_id
    )
)
