-- setup: a hold of a cart, one of an order, and a sale of which a part has left
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'order:1');
create temporary table sold as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'order:2') as h;
select inventory.commit_reservations(array_agg(s.reservation)) from pg_temp.sold as s;
select inventory.ship_reservations(
    jsonb_agg(jsonb_build_object('reservation', s.reservation, 'quantity', 1))
)
from pg_temp.sold as s;

-- case: a row's status, quantities and time of closing belong together
select throws_ok(
    format('update inventory.inventory_reservations set %s where owner = %L', b.change, b.owner),
    '23514', null, b.owner || ' ' || b.change
)
from (
    values
    ('order:2', $$status = 'gone', open_quantity = 0, shipped_quantity = 0$$),
    ('session:ann', $$status = 'released'$$),
    ('session:ann', 'closed_at = clock_timestamp()'),
    ('session:ann', $$status = 'released', slot = null, closed_at = clock_timestamp()$$),
    ('session:ann', 'quantity = 0'),
    ('session:ann', 'quantity = 0, open_quantity = 0'),
    ('session:ann', 'quantity = -1, open_quantity = -1'),
    ('session:ann', 'open_quantity = 1'),
    ('session:ann', 'open_quantity = 3'),
    ('session:ann', 'shipped_quantity = 1'),
    ('order:2', 'open_quantity = 4'),
    ('order:2', 'open_quantity = -1'),
    ('order:2', 'shipped_quantity = -1'),
    ('order:2', 'shipped_quantity = 5, open_quantity = 0'),
    ('order:2', 'closed_at = null'),
    ('order:2', $$status = 'active', closed_at = null$$),
    ('order:2', $$status = 'expired'$$),
    ('order:2', $$status = 'released', open_quantity = 0$$)
) as b (owner, change);

-- case: an active hold of a cart sits in one of its owner's slots, that of an order in none
select throws_ok(
    format('update inventory.inventory_reservations set %s where owner = %L', b.change, b.owner),
    '23514', null, b.owner || ' ' || b.change
)
from (
    values
    ('session:ann', 'slot = null'),
    ('session:ann', 'slot_limit = null'),
    ('session:ann', 'slot = 0'),
    ('session:ann', 'slot = 6'),
    ('order:1', 'slot = 1, slot_limit = 5'),
    ('order:2', 'slot = 1, slot_limit = 5')
) as b (owner, change);

-- case: two holds of an owner and variant never share a slot
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann');
select throws_ok(
    $$update inventory.inventory_reservations set slot = 1 where slot = 2$$, '23505', null
);

-- case: an owner is a user, a session or an order
select throws_ok(
    format('update inventory.inventory_reservations set owner = %L where owner = %L', b.owner,
    'order:1'),
    '23514', null, b.owner
)
from (values (''), ('ann'), ('cart:1'), ('order:'), ('user')) as b (owner);

-- case: a number is given once
select throws_ok(
    $$
    insert into inventory.inventory_reservations (
        variant_id, reservation_id, location_id, owner, quantity, open_quantity, expires_at,
        created_at, actor
    )
    overriding system value
    select
        r.variant_id, r.reservation_id, r.location_id, 'order:9', 1, 1, now(), now(), 'test'
    from inventory.inventory_reservations as r
    $$,
    '23505', null
);

-- case: what no constraint can refuse, an invariant reports
update inventory.inventory_reservations set location_id = location_id + 1000
where owner = 'order:1';
select isnt_empty('select * from ops.invariant_reservation_orphans()', 'at no location');
select isnt_empty('select * from ops.invariant_stock_balance()', 'units that nothing keeps back');
update inventory.inventory_reservations set owner = 'user:999999' where owner = 'session:ann';
select bag_eq(
    $$select o.detail ->> 'owner' from ops.invariant_reservation_orphans() as o$$,
    array['order:1', 'user:999999'],
    'of no user'
);
update inventory.inventory_reservations set shipped_quantity = 0, open_quantity = 4
where owner = 'order:2';
select isnt_empty('select * from ops.invariant_reservation_shipments()', 'shipped, and not');
update inventory.inventory_reservations set seq = 9 where owner = 'order:2';
select isnt_empty('select * from ops.invariant_reservation_events()', 'changes without events');
