-- case: an order that is over holds something
update inventory.inventory_reservations as r
set owner = 'order:' || o.order_id, slot = null
from orders.orders as o
where o.status = 'expired' and r.owner = 'session:holder' and r.status = 'active';

-- case: a pending order does not hold what is in it
update inventory.inventory_reservations as r
set owner = 'session:thief', slot = 1, slot_limit = 1
from orders.orders as o
where o.status = 'pending' and o.source = 'agreed' and r.owner = 'order:' || o.order_id;
