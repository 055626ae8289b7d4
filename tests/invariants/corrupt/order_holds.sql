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

-- case: an expired order holds what it had as if it were not over
-- also: reservation_events, stock_balance
update inventory.inventory_reservations as r
set status = 'active', closed_at = null, open_quantity = r.quantity, seq = r.seq + 1,
    expires_at = clock_timestamp() + interval '1 hour'
from orders.orders as o
where o.status = 'expired' and r.owner = 'order:' || o.order_id;

-- case: an expired order holds more than it had
-- also: reservation_events, stock_balance
update inventory.inventory_reservations as r
set status = 'active', closed_at = null, quantity = r.quantity + 1, open_quantity = r.quantity + 1,
    seq = r.seq + 1
from orders.orders as o
where o.status = 'expired' and r.owner = 'order:' || o.order_id;
