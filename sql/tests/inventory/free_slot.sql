-- setup: an owner in slots 1 and 2
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table held as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann') as h;
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann');

-- case: it is the lowest one that is not taken
select is(inventory.free_slot(i.variant_id, 'session:ann', 5), 3, 'the third')
from inventory.inventory as i;
select is(inventory.free_slot(i.variant_id, 'session:ben', 5), 1, 'the first of another owner')
from inventory.inventory as i;
select inventory.release_reservations(array_agg(h.reservation)) from pg_temp.held as h;
select is(inventory.free_slot(i.variant_id, 'session:ann', 5), 1, 'the one that is free again')
from inventory.inventory as i;

-- case: there may be none
select is(inventory.free_slot(i.variant_id, 'session:ann', 2), null, 'both are taken')
from inventory.inventory as i;
select is(inventory.free_slot(i.variant_id, 'session:ben', 0), null, 'the rule allows none')
from inventory.inventory as i;
