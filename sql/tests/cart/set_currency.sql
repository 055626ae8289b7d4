-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: prices seen are those in force in the new currency
select product.set_price('RED', 'JPY', 1200, 0);
delete from events.outbox_events;
select results_eq(
    $$select r.version, r.currency from cart.set_currency('session:s', 'JPY', 2) as r$$,
    $$values (3::bigint, 'JPY')$$
);
select bag_eq(
    $$
    select v.sku, i.quantity, i.price_seen
    from cart.cart_items as i
    inner join product.variants as v on v.variant_id = i.variant_id
    $$,
    $$values ('RED', 4, 1200.0000::numeric(19, 4)), ('POT', 2, null)$$
);
select results_eq(
    $$select v.sku, v.problem from cart.validate_cart('session:s') as v$$,
    $$values ('POT', 'PRICE_UNAVAILABLE')$$
);
select results_eq(
    $$select e.event_type, e.payload ->> 'cause' from events.outbox_events as e$$,
    $$values ('cart.updated', 'set_currency')$$
);

-- case: the same currency changes nothing
select is(r.version, 2::bigint) from cart.set_currency('session:s', 'EUR') as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: refusals and keys
select throws_ok($$select cart.set_currency('session:x', 'EUR')$$, 'SHK01', null);
select throws_ok($$select cart.set_currency('session:s', 'XXX')$$, 'SHC04', null);
select throws_ok($$select cart.set_currency('session:s', null)$$, 'SHC04', null);
select throws_ok($$select cart.set_currency('session:s', 'JPY', 1)$$, 'SHC02', null);
select throws_ok($$select cart.set_currency('s', 'JPY')$$, '22023', null);
select cart.set_currency('session:s', 'JPY', null, 'k');
select is(r.version, 3::bigint) from cart.set_currency('session:s', 'JPY', null, 'k') as r;
select throws_ok($$select cart.set_currency('session:s', 'GBP', null, 'k')$$, 'SHC01', null);
