-- setup: a supplier who delivered twice
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.set_supplier('ACME', 'Acme', 3, 0, '{"phone": "+441"}');
select inventory.receive_from_supplier(
    'ACME',
    '[{"sku": "MUG", "quantity": 8, "defective": 1}, {"sku": "POT", "quantity": 2}]',
    (clock_timestamp() at time zone 'UTC')::date - 3
);
select inventory.receive_from_supplier(
    'ACME', '[{"sku": "MUG", "quantity": 10}]', (clock_timestamp() at time zone 'UTC')::date - 4
);

-- case: rates are those of the receipts: lines on time, and units that were defective
select results_eq(
    $$
    select s.code, s.contact, s.receipts, s.on_time_rate, s.defect_rate
    from inventory.supplier_list as s
    $$,
    $$values ('ACME', '{"phone": "+441"}'::jsonb, 3::bigint, 0.6667, 0.0500)$$
);

-- case: a supplier who delivered nothing has no rates
select inventory.set_supplier('BOLT', 'Bolt', 3, 0);
select results_eq(
    $$
    select s.receipts, s.on_time_rate, s.defect_rate
    from inventory.supplier_list as s where s.code = 'BOLT'
    $$,
    'values (0::bigint, null::numeric, null::numeric)'
);

-- case: only the last days count, unless the rule is off
update inventory.supplier_receipts
set
    ordered_on = ordered_on - 400, due_on = due_on - 400, received_on = received_on - 400,
    received_at = received_at - interval '400 days'
where quantity = 10;
select is(s.on_time_rate, 1.0, 'two of two') from inventory.supplier_list as s;
select core.set_business_rule('supplier_rating_days', 365, 1, null, false);
select is(s.receipts, 3, 'all') from inventory.supplier_list as s;
