-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
select cart.reserve_cart('session:s');
delete from events.outbox_events;

-- case: everything goes, with its holds
select results_eq(
    $$select r.version, r.lines, r.units from cart.clear_cart('session:s', 3) as r$$,
    'values (4::bigint, 2, 6::bigint)'
);
select is_empty('table cart.cart_items');
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$values ('RED', 'session:s', 'released', 4), ('POT', 'session:s', 'released', 2)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 10::bigint), ('BLUE', 10), ('POT', 3)$$
);
select is(count(*), 2::bigint) from cart.cart_activities as a where a.kind = 'removal';
select is(count(*), 1::bigint) from events.outbox_events as e where e.event_type = 'cart.updated';

-- case: an empty cart stays as it is
select cart.clear_cart('session:s');
delete from events.outbox_events;
select results_eq(
    $$select r.version, r.lines, r.units from cart.clear_cart('session:s') as r$$,
    'values (4::bigint, 0, 0::bigint)'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: refusals and keys
select throws_ok($$select cart.clear_cart('session:x')$$, 'SHK01', null);
select throws_ok($$select cart.clear_cart('session:s', 2)$$, 'SHC02', null);
select throws_ok($$select cart.clear_cart('')$$, '22023', null);
select cart.clear_cart('session:s', null, 'k');
select is(r.lines, 2) from cart.clear_cart('session:s', null, 'k') as r;
select throws_ok($$select cart.clear_cart('session:s', 4, 'k')$$, 'SHC01', null);
