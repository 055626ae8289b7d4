-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
select cart.add_item_to_cart('session:s', 'BLUE', 5, 'EUR');
delete from events.outbox_events;

-- case: what is told is applied
select cart.reserve_cart('session:s');
select inventory.set_stock('POT', 2, s.version, 'broken')
from inventory.stock_levels as s
where s.sku = 'POT';
select product.set_price('RED', 'EUR', 9, 1);
select cart.set_variant_limit('BLUE', 3, 0);
update product.products set status = 'archived' where code = 'POT';
delete from events.outbox_events;
select results_eq(
    $$
    select r.sku, r.quantity_before, r.quantity, r.price_before, r.price, r.version
    from cart.repair_cart('session:s', 4) as r
    $$,
    $$
    values
    ('RED', 4, 4, 7.5, 9::numeric, 5::bigint), ('POT', 2, 0, 24, null, 5),
    ('BLUE', 5, 3, 8.25, 8.25, 5)
    $$
);
select bag_eq(
    $$
    select v.sku, i.quantity, i.price_seen
    from cart.cart_items as i
    inner join product.variants as v on v.variant_id = i.variant_id
    $$,
    $$values ('RED', 4, 9.0000::numeric(19, 4)), ('BLUE', 3, 8.25)$$
);
select is_empty($$select * from cart.validate_cart('session:s')$$, 'nothing is left');
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$
    values
    ('RED', 'session:s', 'active', 4), ('POT', 'session:s', 'released', 2),
    ('BLUE', 'session:s', 'active', 3)
    $$
);
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant !~ '_events$|snapshots|^search'$$
);
select is(e.payload #>> '{cause}', 'repair')
from events.outbox_events as e
where e.event_type = 'cart.updated';

-- case: fewer units may cost more each
select product.schedule_price('BLUE', 'EUR', 5, p_min_quantity => 5);
select cart.update_item_quantity('session:s', 'BLUE', 5);
select cart.set_variant_limit('BLUE', 3, 0);
select results_eq(
    $$
    select r.sku, r.quantity, r.price_before, r.price from cart.repair_cart('session:s', 4) as r
    $$,
    $$values ('BLUE', 3, 5::numeric, 8.25)$$
);

-- case: what so few units have no price for goes away
select product.schedule_price('BLUE', 'GBP', 7, p_min_quantity => 8);
select cart.add_item_to_cart('session:g', 'BLUE', 8, 'GBP');
select inventory.set_stock('BLUE', 7, s.version, 'broken')
from inventory.stock_levels as s
where s.sku = 'BLUE';
select results_eq(
    $$select v.problem, v.repaired_quantity from cart.validate_cart('session:g') as v$$,
    $$values ('INSUFFICIENT_STOCK', 0)$$
);
select results_eq(
    $$select r.sku, r.quantity, r.price from cart.repair_cart('session:g', 1) as r$$,
    $$values ('BLUE', 0, null::numeric)$$
);
select results_eq(
    $$select v.problem from cart.validate_cart('session:g') as v$$, $$values ('CART_EMPTY')$$
);

-- case: where nothing is wrong nothing is done
select is_empty($$select * from cart.repair_cart('session:s', 3)$$);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: refusals and keys
select throws_ok($$select cart.repair_cart('session:x', 0)$$, 'SHK01', null);
select throws_ok($$select cart.repair_cart('session:s', 2)$$, 'SHC02', null);
select throws_ok($$select cart.repair_cart('session:s', null)$$, '22023', null);
select throws_ok($$select cart.repair_cart('s', 3)$$, '22023', null);
select cart.set_variant_limit('BLUE', 3, 0);
select cart.repair_cart('session:s', 3, 'k');
select is(r.quantity, 3) from cart.repair_cart('session:s', 3, 'k') as r;
select throws_ok($$select cart.repair_cart('session:s', 4, 'k')$$, 'SHC01', null);
