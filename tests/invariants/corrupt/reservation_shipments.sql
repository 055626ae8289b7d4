-- case: more was shipped than moved
update inventory.inventory_reservations
set quantity = quantity + 1, shipped_quantity = shipped_quantity + 1
where status = 'consumed' and owner = 'session:buyer';
