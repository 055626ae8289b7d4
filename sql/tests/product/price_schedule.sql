-- setup: a mug with prices in every state
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"}]');
select product.schedule_price('MUG', 'GBP', 7, '2030-01-01 00:00+00');
select product.schedule_price('MUG', 'JPY', 700);
select product.schedule_price('MUG', 'USD', 9, '2030-01-01 00:00+00');
select product.end_price('MUG', s.price_id, 1)
from product.price_schedule as s
where s.currency in ('JPY', 'USD');

-- case: every price is listed with its state
select bag_eq(
    'select s.sku, s.price_list, s.currency, s.min_quantity, s.price, s.status, s.version
    from product.price_schedule as s',
    $$
    values
    ('MUG', 'base', 'EUR', 1, 8.0000::numeric(19, 4), 'in force', 1::bigint),
    ('MUG', 'base', 'GBP', 1, 7.0000, 'scheduled', 1),
    ('MUG', 'base', 'JPY', 1, 700.0000, 'over', 2),
    ('MUG', 'base', 'USD', 1, 9.0000, 'withdrawn', 2)
    $$
);

-- case: it is for editors
select ok(
    has_table_privilege('product_editor', 'product.price_schedule', 'select')
    and not has_table_privilege('product_service', 'product.price_schedule', 'select')
);
