-- setup: ten mugs, of which two are damaged, one is sold, two are held, and three are held overdue
select core.set_context('staff:anna');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'session:late');
update inventory.inventory_reservations set expires_at = clock_timestamp();
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
create temporary table sold as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'order:1') as h;
select inventory.commit_reservations(array_agg(s.reservation)) from pg_temp.sold as s;
select inventory.move_stock(i, 'damage', 0, 2, 'Fell down', null, null)
from inventory.inventory as i;
update inventory.stock_buckets set available = available - 2;

-- case: it says what is there, what is promised, and what can still be promised
select results_eq(
    $$
    select
        s.sku, s.location, s.current_stock, s.damaged_quantity, s.reserved_quantity,
        s.available_stock, s.min_stock_level, s.max_on_hand, s.is_in_stock, s.is_low_stock,
        s.bucket_count::integer, s.version, s.last_updated_by
    from inventory.stock_levels as s
    $$,
    $$
    values (
        'MUG', 'MAIN', 10, 2, 3::bigint, 5::bigint, 5, 10000, true, true, 1, 3::bigint, 'staff:anna'
    )
    $$
);

-- case: what is available can be reserved, to the last unit
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 5}]', 'order:2')$$
);
select results_eq(
    $$
    select s.reserved_quantity, s.available_stock, s.is_in_stock, s.is_low_stock
    from inventory.stock_levels as s
    $$,
    'values (8::bigint, 0::bigint, false, true)'
);

-- case: stock is low at the level and below, not above
select inventory.configure_stock('MUG', 3, 4);
select is(s.is_low_stock, false, 'five available, low at four')
from inventory.stock_levels as s;

-- case: a location that is closed has stock, and promises none of it
update inventory.locations set is_active = false;
select results_eq(
    'select s.current_stock, s.available_stock, s.is_in_stock from inventory.stock_levels as s',
    'values (10, 0::bigint, false)'
);

-- case: what is overdue of something else, or elsewhere, is not available here
select product.import_products('[{"sku": "POT", "name": "Pot", "price": 24, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "POT", "quantity": 1}]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 1}]', 'TOWN');
select bag_eq(
    'select s.sku, s.location, s.available_stock from inventory.stock_levels as s',
    $$values ('MUG', 'MAIN', 5::bigint), ('MUG', 'TOWN', 1), ('POT', 'MAIN', 1)$$
);
