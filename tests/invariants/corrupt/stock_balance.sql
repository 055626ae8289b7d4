-- case: a unit can be promised that is not there
update inventory.stock_buckets set available = available + 1;

-- case: a unit is kept back that nobody has
update inventory.inventory_reservations
set quantity = quantity + 1, open_quantity = open_quantity + 1
where owner = 'session:holder' and status = 'active';
