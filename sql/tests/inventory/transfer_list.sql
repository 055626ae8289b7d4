-- case: a transfer is listed with its places and movements
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 3}]', 'MAIN', 'TOWN', 'TR-1');
select results_eq(
    $$
    select
        t.sku, t.from_location, t.to_location, t.quantity, t.out_seq, t.in_seq, t.reference,
        t.actor, t.request_id
    from inventory.transfer_list as t
    $$,
    $$
    values (
        'MUG', 'MAIN', 'TOWN', 3, 2::bigint, 1::bigint, 'TR-1', 'staff:anna', 'req-1'
    )
    $$
);
