-- setup: mugs in three locations, in order of their rank
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.create_location('BARN', 'Barn', 3);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 3}]', 'MAIN');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]', 'TOWN');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 9}]', 'BARN');
delete from events.outbox_events;

-- case: a location that covers the line alone goes before one that would split it
select results_eq(
    $$
    select h.location, h.quantity
    from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'session:ann') as h
    $$,
    $$values ('TOWN', 4)$$
);

-- case: a line that no location covers alone is one hold a location, by rank
select bag_eq(
    $$
    select h.location, h.quantity
    from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 10}]', 'session:ann') as h
    $$,
    $$values ('MAIN', 3), ('TOWN', 5), ('BARN', 2)$$
);
select bag_eq(
    'select s.location, s.available_stock from inventory.stock_levels as s',
    $$values ('MAIN', 0::bigint), ('TOWN', 0), ('BARN', 7)$$
);
select bag_eq(
    $$
    select e.event_type as type, e.payload -> 'quantity' as quantity, e.payload -> 'available' as a
    from events.outbox_events as e
    $$,
    $$
    values
    ('reservation.created', '3'::jsonb, null::jsonb), ('reservation.created', '5', null),
    ('reservation.created', '2', null), ('stock.updated', null, '-10')
    $$,
    'one stock.updated for all locations'
);

-- case: all that there is may be taken, one more is refused
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 18}]', 'session:ann')$$,
    'SHI01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
select is(sum(h.quantity), 17, 'all of them')
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 17}]', 'session:ann') as h;

-- case: holds that were not needed are gone, and their slots are free
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 9}]', 'session:ann');
select results_eq(
    $$
    select r.quantity, r.slot::integer between 1 and 5, count(*)
    from inventory.inventory_reservations as r
    group by 1, 2
    $$,
    'values (9, true, 1::bigint)'
);
select lives_ok(
    $$
    select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann')
    from generate_series(1, 4)
    $$
);

-- case: with one slot left the location that covers the line alone gets it
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann')
from generate_series(1, 4);
select results_eq(
    $$
    select h.location, h.quantity
    from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 9}]', 'session:ann') as h
    $$,
    $$values ('BARN', 9)$$
);

-- case: with too few slots for the locations it takes, the limit is what refuses
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann')
from generate_series(1, 4);
delete from events.outbox_events;
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 10}]', 'session:ann')$$,
    'SHI02', null
);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 10}]', 'order:1')$$,
    'an order needs no slots'
);

-- case: a location that is closed promises nothing
update inventory.locations set is_active = false where code = 'BARN';
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 9}]', 'session:ann')$$,
    'SHI01', null
);
select bag_eq(
    $$
    select h.location, h.quantity
    from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 8}]', 'session:ann') as h
    $$,
    $$values ('MAIN', 3), ('TOWN', 5)$$
);

-- case: overdue holds of any location make room, the oldest first
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:old', 'MAIN');
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 hour';
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:new', 'MAIN');
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 minute'
where owner = 'session:new';
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ben', 'MAIN');
select bag_eq(
    'select r.owner, r.status from inventory.inventory_reservations as r',
    $$values ('session:old', 'expired'), ('session:new', 'active'), ('session:ben', 'active')$$,
    'one was enough'
);
select is(sum(h.quantity), 16, 'all the rest')
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 16}]', 'session:ann') as h;
select is_empty(
    $$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$
);

-- case: an owner's own overdue holds come back to where they were
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann', l.code)
from inventory.locations as l
cross join generate_series(1, 2)
where l.code in ('TOWN', 'BARN');
update inventory.inventory_reservations set expires_at = clock_timestamp();
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann', 'TOWN');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann', 'TOWN');
select bag_eq(
    'select s.location, s.available_stock from inventory.stock_levels as s',
    $$values ('MAIN', 3::bigint), ('TOWN', 3), ('BARN', 9)$$
);
select is_empty(
    $$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$
);
