-- setup: ten red mugs, of which a session holds three and one
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 3}]', 'session:s');
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:s');
create function pg_temp.move()
returns void
language sql
as $$
select inventory.move_holds('session:s', 'session:t', array[v.variant_id])
from product.variants as v
$$;

-- case: holds go to the new owner's free slots, and no stock is touched
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 2}]', 'session:t');
delete from events.outbox_events where event_type <> 'stock.moved';
select pg_temp.move();
select bag_eq(
    'select r.owner, r.slot, r.quantity, r.status from inventory.inventory_reservations as r',
    $$
    values
    ('session:t', 1, 2, 'active'), ('session:t', 2, 3, 'active'), ('session:t', 3, 1, 'active')
    $$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e
    where e.event_type <> 'stock.moved'
    $$,
    $$values ('reservation.moved', 2::bigint), ('reservation.moved', 2)$$
);

-- case: what the new owner has no slot for, or is past its expiry, is released
select core.set_business_rule('cart_holds_max', 1, 1);
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:u');
select pg_temp.move();
select bag_eq(
    'select r.owner, r.quantity, r.status from inventory.inventory_reservations as r',
    $$
    values
    ('session:t', 3, 'active'), ('session:s', 1, 'released'), ('session:u', 1, 'active')
    $$
);
select is(s.available_stock, 6::bigint) from inventory.stock_levels as s;
select is_empty('select * from ops.check_invariants()');

-- case: an overdue hold does not go along
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select pg_temp.move();
select is(count(*), 2::bigint)
from inventory.inventory_reservations as r
where r.owner = 'session:s' and r.status = 'released';

-- case: nothing to move
select lives_ok($$select inventory.move_holds('session:x', 'session:t', array[1, 2])$$);
select lives_ok($$select inventory.move_holds('session:x', 'session:t', '{}')$$);
