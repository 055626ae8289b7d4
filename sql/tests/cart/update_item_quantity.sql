-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: a quantity is set, and the price in force is seen
select product.set_price('RED', 'EUR', 7, 1);
delete from events.outbox_events;
select results_eq(
    $$
    select r.version, r.sku, r.quantity, r.price, r.currency
    from cart.update_item_quantity('session:s', 'RED', 6, 2) as r
    $$,
    $$values (3::bigint, 'RED', 6, 7::numeric, 'EUR')$$
);
select bag_eq(
    $$
    select v.sku, i.quantity, i.price_seen
    from cart.cart_items as i
    inner join product.variants as v on v.variant_id = i.variant_id
    $$,
    $$values ('RED', 6, 7.0000::numeric(19, 4)), ('POT', 2, 24)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload ->> 'cause', e.payload #>> '{items,0,quantity}'
    from events.outbox_events as e
    $$,
    $$values ('cart.updated', 3::bigint, 'set_quantity', '6')$$
);
select results_eq(
    'select a.kind, a.value from cart.cart_activities as a order by a.activity_id desc limit 1',
    $$values ('quantity_change', 0.0000::numeric(19, 4))$$
);

-- case: holds go down with the quantity, and no further
select cart.reserve_cart('session:s');
delete from events.outbox_events;
select cart.update_item_quantity('session:s', 'RED', 1);
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$values ('RED', 'session:s', 'active', 1), ('POT', 'session:s', 'active', 2)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 9::bigint), ('BLUE', 10), ('POT', 1)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('cart.updated'), ('reservation.reduced'), ('stock.updated')$$
);
select cart.update_item_quantity('session:s', 'RED', 5);
select is(r.open_quantity, 1)
from inventory.inventory_reservations as r
where r.variant_id = pg_temp.variant('RED');
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant not like '%_events'$$
);

-- case: refusals
select throws_ok($$select cart.update_item_quantity('session:x', 'RED', 1)$$, 'SHK01', null);
select throws_ok($$select cart.update_item_quantity('session:s', 'BLUE', 1)$$, 'SHK05', null);
select throws_ok($$select cart.update_item_quantity('session:s', 'NONE', 1)$$, 'SHK05', null);
select throws_ok($$select cart.update_item_quantity('session:s', null, 1)$$, 'SHK05', null);
select throws_ok($$select cart.update_item_quantity('session:s', 'RED', 1, 1)$$, 'SHC02', null);
select throws_ok($$select cart.update_item_quantity('session:s', 'RED', 11)$$, 'SHI01', null);
select throws_ok($$select cart.update_item_quantity('session:s', 'RED', 51)$$, 'SHK03', null);
select throws_ok($$select cart.update_item_quantity('session', 'RED', 1)$$, '22023', null);
select throws_ok($$select cart.update_item_quantity('user:999999999', 'RED', 1)$$, 'SHA03', null);
select throws_ok(
    format('select cart.update_item_quantity(%L, %L, %L)', 'session:s', 'RED', b.quantity), '22023',
    null, coalesce(b.quantity::text, 'null')
)
from (values (0), (-1), (null), (1000000000)) as b (quantity);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer
select cart.update_item_quantity('session:s', 'RED', 5, null, 'k');
select is(r.version, 3::bigint)
from cart.update_item_quantity('session:s', 'RED', 5, null, 'k') as r;
select throws_ok(
    $$select cart.update_item_quantity('session:s', 'RED', 6, null, 'k')$$, 'SHC01', null
);
