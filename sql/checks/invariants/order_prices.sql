-- What was sold was sold at a price that it had: of its list and currency, for so many units. Where
-- another one was agreed, the line says why.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'sku', i.sku, 'price_list', i.price_list, 'unit_price', i.unit_price,
        'currency', i.currency
    ) as detail
from orders.order_items as i
where i.price_reason is null and not exists (
    select
    from product.price_history as h
    inner join product.prices as x on x.variant_id = h.variant_id and x.price_id = h.price_id
    inner join product.price_lists as l on l.price_list_id = x.price_list_id
    where h.variant_id = i.variant_id and h.amount = i.unit_price
    and x.currency = i.currency and l.code = i.price_list
    and x.min_quantity <= (
        select sum(s.quantity)
        from orders.order_items as s
        where s.order_id = i.order_id and s.variant_id = i.variant_id
    )
)
