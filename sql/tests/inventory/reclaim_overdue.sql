-- setup: three overdue holds of two units, the second one the oldest, and one that is not overdue
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'order:' || g.n)
from generate_series(1, 4) as g (n);
update inventory.inventory_reservations
set
    expires_at = clock_timestamp() - case owner
        when 'order:1' then interval '1 minute'
        when 'order:2' then interval '3 minutes'
        when 'order:3' then interval '2 minutes'
        else interval '-1 minute'
    end;

-- case: as many holds as are needed end, the oldest first
select is(inventory.reclaim_overdue(i.variant_id, i.location_id, 3), 4, 'two holds for three units')
from inventory.inventory as i;
select bag_eq(
    $$select r.owner from inventory.inventory_reservations as r where r.status = 'expired'$$,
    array['order:2', 'order:3']
);

-- case: what is not overdue is not touched
select is(inventory.reclaim_overdue(i.variant_id, i.location_id, 100), 6, 'all that are')
from inventory.inventory as i;
select is(r.status, 'active', 'the fourth')
from inventory.inventory_reservations as r
where r.owner = 'order:4';
select is(inventory.reclaim_overdue(i.variant_id, i.location_id, 1), 0, 'none is left')
from inventory.inventory as i;
