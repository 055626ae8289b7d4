-- setup: a mug whose price has changed
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"}]');
select core.set_context('staff:ben', 'req-2');
select product.set_price('MUG', 'EUR', 9, 1);
select product.set_price('MUG', 'EUR', 7, 2);

-- case: there is a row a change, with who made it and what was before
select results_eq(
    $$
    select
        c.sku, c.price_list, c.currency, c.min_quantity, c.version, c.price, c.price_before,
        c.changed_by
    from product.price_change_list as c
    order by c.version
    $$,
    $$
    values
    (
        'MUG', 'base', 'EUR', 1, 1::bigint, 8.0000::numeric(19, 4), null::numeric(19, 4),
        'staff:anna'
    ),
    ('MUG', 'base', 'EUR', 1, 2, 9.0000, 8.0000, 'staff:ben'),
    ('MUG', 'base', 'EUR', 1, 3, 7.0000, 9.0000, 'staff:ben')
    $$
);

-- case: it is for editors
select ok(
    has_table_privilege('product_editor', 'product.price_change_list', 'select')
    and not has_table_privilege('product_service', 'product.price_change_list', 'select')
);
