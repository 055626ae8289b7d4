-- setup: mugs in three locations, one of which is closed
select core.set_context('staff:anna');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.create_location('BARN', 'Barn', 3);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]', l.code)
from inventory.locations as l;
select core.set_context('staff:ben');
select inventory.adjust_stock('MUG', 1, 2, 'Found', 'TOWN');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
update inventory.locations set is_active = false where code = 'BARN';

-- case: all locations add up; the version is the highest, the editor the last one
select results_eq(
    $$
    select
        t.sku, t.current_stock, t.reserved_quantity, t.available_stock, t.damaged_quantity,
        t.min_stock_level, t.is_in_stock, t.is_low_stock, t.version, t.last_updated_by
    from inventory.stock_totals as t
    $$,
    $$
    values (
        'MUG', 16::bigint, 2::bigint, 9::bigint, 0::bigint, 15::bigint, true, true, 3::bigint,
        'staff:ben'
    )
    $$
);
select is(t.updated_at, max(i.updated_at), 'when that was')
from inventory.stock_totals as t
cross join inventory.inventory as i
group by t.updated_at;
