-- setup: two products
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');

-- case: each item has its variant, in ascending order of variant
select results_eq(
    $$
    select f.item, f.sku
    from inventory.find_variants('[{"sku": "POT"}, {"sku": "MUG"}, {"sku": "POT"}]') as f
    $$,
    $$values (2, 'MUG'), (1, 'POT'), (3, 'POT')$$
);

-- case: all unknown SKUs are refused at once
select throws_ok(
    $$select inventory.find_variants('[{"sku": "NO"}, {"sku": "MUG"}, {"sku": "pot"}]')$$,
    'SHP01', null
);
