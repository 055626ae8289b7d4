-- setup: a product of two variants, one of which has prices in two currencies; a hidden category
select product.create_category('kitchen', 'Kitchen');
select product.create_category('attic', 'Attic');
select product.set_category_status('attic', 'archived', 1);
select product.import_products('[
    {"sku": "MUG-RED", "name": "Red mug", "price": 7.5, "currency": "EUR", "product": "MUG",
    "product_name": "Mug", "description": "Holds tea.", "category": "kitchen"},
    {"sku": "MUG-BLUE", "name": "Blue mug", "price": 8, "currency": "EUR", "product": "MUG"}
]');
select product.import_products('[
    {"sku": "MUG-RED", "name": "Red mug", "price": 6.5, "currency": "GBP", "product": "MUG"}
]');

-- case: there is a row a variant and currency
select results_eq(
    $$
    select
        v.sku, v.name, v.product_code, v.product_name, v.description, v.category_slug, v.currency,
        v.price
    from product.variant_list as v
    order by v.sku, v.currency
    $$,
    $$
    values
    ('MUG-BLUE', 'Blue mug', 'MUG', 'Mug', 'Holds tea.', 'kitchen', 'EUR', 8.0000::numeric(19, 4)),
    ('MUG-RED', 'Red mug', 'MUG', 'Mug', 'Holds tea.', 'kitchen', 'EUR', 7.5000),
    ('MUG-RED', 'Red mug', 'MUG', 'Mug', 'Holds tea.', 'kitchen', 'GBP', 6.5000)
    $$
);
select is(count(distinct v.product_public_id), 1, 'one public key a product')
from product.variant_list as v;

-- case: a variant without a price is listed without one
delete from product.prices;
select bag_eq(
    'select v.sku, v.currency, v.price from product.variant_list as v',
    $$values ('MUG-RED', null, null::numeric(19, 4)), ('MUG-BLUE', null, null)$$
);

-- case: what is not for sale is not listed
update product.variants set is_active = false where sku = 'MUG-RED';
select bag_eq('select v.sku from product.variant_list as v', array['MUG-BLUE'], 'the other one');
update product.products set status = 'draft';
select is_empty('select v.sku from product.variant_list as v', 'a draft');
update product.products set status = 'archived';
select is_empty('select v.sku from product.variant_list as v', 'an archived product');

-- case: the price in force for everybody is shown with its list and the base price
select product.create_price_list('sale', 'Sale', 10);
select product.create_price_list('trade', 'Trade', 20, 'trade');
select product.bulk_update_prices('[{"sku": "MUG-RED", "currency": "EUR", "price": 5}]', 'sale');
select product.bulk_update_prices('[{"sku": "MUG-RED", "currency": "EUR", "price": 4}]', 'trade');
select product.schedule_price('MUG-BLUE', 'EUR', 6, '2030-01-01 00:00+00', null, 'sale');
select product.bulk_update_prices('[
    {"sku": "MUG-RED", "currency": "EUR", "price": 3, "min_quantity": 10},
    {"sku": "MUG-RED", "currency": "GBP", "price": 3, "min_quantity": 10},
    {"sku": "MUG-BLUE", "currency": "EUR", "price": 9}
]', 'sale');
select product.create_price_list('soon', 'Soon', 30, p_valid_from => '2030-01-01 00:00+00');
select product.bulk_update_prices('[{"sku": "MUG-RED", "currency": "GBP", "price": 2}]', 'soon');
select product.schedule_price('MUG-BLUE', 'JPY', 600, '2030-01-01 00:00+00');
select bag_eq(
    $$
    select v.sku, v.currency, v.price, v.price_list, v.base_price
    from product.variant_list as v
    $$,
    $$
    values
    ('MUG-RED', 'EUR', 5.0000::numeric(19, 4), 'sale', 7.5000::numeric(19, 4)),
    ('MUG-RED', 'GBP', 6.5000, 'base', 6.5000),
    ('MUG-BLUE', 'EUR', 9.0000, 'sale', 8.0000)
    $$
);
select product.update_price_list('sale', 1, 'Sale', 10, null, null, false);
select is(v.price, 7.5, 'without the sale')
from product.variant_list as v
where v.sku = 'MUG-RED' and v.currency = 'EUR';
