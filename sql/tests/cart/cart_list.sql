-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: carts with what is in them, without the session
select results_eq(
    $$
    select c.user_id, c.is_guest, c.currency, c.status, c.lines, c.units, c.value_seen, c.version
    from cart.cart_list as c
    $$,
    $$values (null::bigint, true, 'EUR', 'active', 2::bigint, 6::bigint, 78.0000, 2::bigint)$$
);
select is_empty(
    $$
    select
    from pg_attribute as a
    where a.attrelid in ('cart.cart_list'::regclass, 'cart.cart_item_list'::regclass)
    and a.attname ~ 'session'
    $$
);
update cart.carts set expires_at = clock_timestamp();
select is(c.status, 'expired', 'swept or not') from cart.cart_list as c;

-- case: whatever a function forgets, the tables refuse
select throws_ok($$update cart.carts set session_token = null$$, '23514', null, 'nobody''s');
select throws_ok($$update cart.carts set status = 'expired'$$, '23514', null, 'not closed');
select throws_ok($$update cart.carts set status = 'gone'$$, '23514', null, 'status');
select throws_ok('update cart.carts set merged_into = cart_id', '23514', null, 'merged');
select throws_ok('update cart.cart_items set quantity = 0', '23514', null, 'quantity');
select throws_ok('update cart.cart_items set price_seen = 0', '23514', null, 'price');
select throws_ok(
    $$
    insert into cart.carts (session_token, currency, updated_by, expires_at)
    values ('s', 'EUR', 'test', clock_timestamp())
    $$,
    '23505', null, 'two of one session'
);
