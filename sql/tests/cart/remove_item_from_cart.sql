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

-- case: a line goes, with its hold
select results_eq(
    $$
    select r.version, r.sku, r.quantity
    from cart.remove_item_from_cart('session:s', 'RED', 3) as r
    $$,
    $$values (4::bigint, 'RED', 4)$$
);
select bag_eq(
    $$
    select v.sku, i.quantity, i.price_seen
    from cart.cart_items as i
    inner join product.variants as v on v.variant_id = i.variant_id
    $$,
    $$values ('POT', 2, 24.0000::numeric(19, 4))$$
);
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$values ('RED', 'session:s', 'released', 4), ('POT', 'session:s', 'active', 2)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('cart.updated'), ('reservation.released'), ('stock.updated')$$
);
select results_eq(
    'select a.kind from cart.cart_activities as a order by a.activity_id desc limit 1',
    $$values ('removal')$$
);
select cart.remove_item_from_cart('session:s', 'POT');
select results_eq('select c.status from cart.carts as c', $$values ('active')$$, 'empty');

-- case: what is no longer for sale goes too
update product.products set status = 'archived';
select is(r.quantity, 4) from cart.remove_item_from_cart('session:s', 'RED') as r;

-- case: refusals
select throws_ok($$select cart.remove_item_from_cart('session:x', 'RED')$$, 'SHK01', null);
select throws_ok($$select cart.remove_item_from_cart('session:s', 'BLUE')$$, 'SHK05', null);
select throws_ok($$select cart.remove_item_from_cart('session:s', null)$$, 'SHK05', null);
select throws_ok($$select cart.remove_item_from_cart('session:s', 'RED', 2)$$, 'SHC02', null);
select throws_ok($$select cart.remove_item_from_cart(null, 'RED')$$, '22023', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer
select cart.remove_item_from_cart('session:s', 'RED', null, 'k');
select is(r.quantity, 4) from cart.remove_item_from_cart('session:s', 'RED', null, 'k') as r;
select throws_ok(
    $$select cart.remove_item_from_cart('session:s', 'POT', null, 'k')$$, 'SHC01', null
);
