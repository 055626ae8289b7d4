-- A shop of 10,000 variants. The ceiling is lifted: a benchmark sells for minutes.
select core.set_business_rule('on_hand_max', 999999999, 1);
select count(*)
from generate_series(1, 10000, 5000) as first
cross join lateral product.import_products((
    select jsonb_agg(jsonb_build_object(
        'sku', 'S' || n, 'name', 'Product ' || n, 'price', 9.99, 'currency', 'GBP'
    ))
    from generate_series(first, first + 4999) as n
));
select count(*)
from generate_series(1, 10000, 5000) as first
cross join lateral inventory.receive_stock((
    select jsonb_agg(jsonb_build_object('sku', 'S' || n, 'quantity', 900000000))
    from generate_series(first, first + 4999) as n
));
