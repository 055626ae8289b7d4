-- case: a reservation is for a user that does not exist
update inventory.inventory_reservations set owner = 'user:999' where owner = 'session:holder';

-- case: a reservation is at a place that has no such stock
update inventory.inventory_reservations set location_id = 999 where status = 'released';

-- case: a reservation is for an order that does not exist
insert into inventory.inventory_reservations (
    variant_id, location_id, owner, quantity, open_quantity, status, seq, expires_at, created_at,
    closed_at, actor
)
select
    r.variant_id, r.location_id, 'order:' || nextval('orders.orders_order_id_seq'), 1, 0, 'expired', 0, r.expires_at, r.created_at,
    r.closed_at, 'nobody'
from inventory.inventory_reservations as r
where r.status = 'expired';
