-- case: what was shipped for an order left for another
update inventory.inventory_reservations as r
set owner = 'session:thief'
from orders.orders as o
where o.status = 'delivered' and r.owner = 'order:' || o.order_id;
