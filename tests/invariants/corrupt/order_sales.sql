-- case: an order lacks what was sold to it
update inventory.inventory_reservations as r
set owner = 'session:thief'
from orders.orders as o
where o.status = 'confirmed' and r.owner = 'order:' || o.order_id and r.shipped_quantity = 0;
