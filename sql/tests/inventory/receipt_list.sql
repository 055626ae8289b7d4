-- case: a receipt is listed with what was due and what came
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select inventory.receive_from_supplier(
    'ACME', '[{"sku": "MUG", "quantity": 8, "defective": 1}]', '2026-01-05', null, 'DN-1'
);
select results_eq(
    $$
    select
        r.sku, r.supplier, r.location, r.quantity, r.defective, r.ordered_on, r.due_on,
        r.is_on_time, r.seq, r.reference, r.actor, r.request_id
    from inventory.receipt_list as r
    $$,
    $$
    values (
        'MUG', 'ACME', 'MAIN', 8, 1, date '2026-01-05', date '2026-01-08', false, 1::bigint,
        'DN-1', 'staff:anna', 'req-1'
    )
    $$
);
