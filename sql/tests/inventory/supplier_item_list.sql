-- case: terms are listed; the lead time is the item's, else the supplier's
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 0, 'A-1', 12, 6, 9, true);
select inventory.set_supplier_item('ACME', 'POT', 8, 'GBP', 0, p_is_active => false);
select bag_eq(
    $$
    select
        i.sku, i.supplier, i.supplier_sku, i.cost, i.currency, i.min_quantity, i.pack_size,
        i.lead_time_days, i.is_preferred, i.is_active
    from inventory.supplier_item_list as i
    $$,
    $$
    values
    ('MUG', 'ACME', 'A-1', 2.5::numeric, 'EUR', 12, 6, 9, true, true),
    ('POT', 'ACME', null, 8, 'GBP', 1, 1, 3, false, false)
    $$
);
select inventory.set_supplier('ACME', 'Acme', 3, 1, null, false);
select ok(not i.is_active, 'nothing is bought there') from inventory.supplier_item_list as i;
