-- No two prices of a variant, list, currency and quantity are in force at one time.
select
    'variant ' || a.variant_id || ' ' || a.currency as object,
    jsonb_build_object(
        'price_ids', jsonb_build_array(a.price_id, b.price_id), 'min_quantity', a.min_quantity
    ) as detail
from product.prices as a
inner join product.prices as b
    on b.variant_id = a.variant_id
    and b.price_id > a.price_id
    and b.currency = a.currency
    and b.price_list_id = a.price_list_id
    and b.min_quantity = a.min_quantity
    and b.validity && a.validity
