-- setup: a hold, one that is overdue, and a sale of which a part has left
select core.set_context('web');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'session:late');
update inventory.inventory_reservations set expires_at = clock_timestamp();
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
create temporary table sold as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'order:1') as h;
select inventory.commit_reservations(array_agg(s.reservation)) from pg_temp.sold as s;
select inventory.ship_reservations(
    jsonb_agg(jsonb_build_object('reservation', s.reservation, 'quantity', 1))
)
from pg_temp.sold as s;

-- case: reservations of every state are listed, with what is open of them
select bag_eq(
    $$
    select
        r.sku, r.location, r.owner, r.status, r.is_overdue, r.quantity, r.open_quantity,
        r.shipped_quantity, r.closed_at is not null as is_closed, r.actor
    from inventory.reservation_list as r
    $$,
    $$
    values
    ('MUG', 'MAIN', 'session:late', 'active', true, 3, 3, 0, false, 'web'),
    ('MUG', 'MAIN', 'session:ann', 'active', false, 2, 2, 0, false, 'web'),
    ('MUG', 'MAIN', 'order:1', 'consumed', false, 4, 3, 1, true, 'web')
    $$
);

-- case: the handle is the one that reserving returned
select results_eq(
    $$select r.reservation from inventory.reservation_list as r where r.owner = 'order:1'$$,
    'table pg_temp.sold'
);
