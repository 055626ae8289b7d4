-- setup: Ann
create temporary table ann as
select 'user:' || r.user_id as owner
from account.register_user('ann@example.com', 'Ann') as r;

-- case: without a currency no cart is opened, with one it is, once
select is(c.cart_id, null) from cart.take_cart('session:s', null) as c;
select is_empty('table cart.carts');
create temporary table opened as select c.cart_id from cart.take_cart('session:s', 'EUR') as c;
select results_eq(
    $$select c.cart_id, c.currency, c.version from cart.take_cart('session:s', 'GBP') as c$$,
    $$select o.cart_id, 'EUR', 0::bigint from pg_temp.opened as o$$
);
select isnt(c.cart_id, null)
from pg_temp.ann as a
cross join lateral cart.take_cart(a.owner, 'EUR') as c;

-- case: an expired one is closed, and another is opened
select cart.take_cart('session:s', 'EUR');
update cart.carts set expires_at = clock_timestamp();
select is(c.cart_id, null) from cart.take_cart('session:s', null) as c;
select results_eq('select c.status from cart.carts as c', $$values ('expired')$$);
select is(c.status, 'active') from cart.take_cart('session:s', 'EUR') as c;

-- case: what a session waits for other locks is as it was
set local lock_timeout = '7s';
select cart.take_cart('session:s', 'EUR');
select is(current_setting('lock_timeout'), '7s');
set local lock_timeout = 0;
select cart.take_cart('session:t', 'EUR');
select is(current_setting('lock_timeout'), '0');
select core.set_business_rule('cart_lock_seconds', 0, 1);
select lives_ok($$select cart.take_cart('session:u', 'EUR')$$, 'who need not wait');
select is(current_setting('lock_timeout'), '0');
select core.set_business_rule('cart_lock_seconds', 0, 2, null, false);
select lives_ok($$select cart.take_cart('session:v', 'EUR')$$, 'no limit');

-- case: a cart that is busy for too long (tests/concurrency/test_carts.py waits for one)
select throws_ok(
    $$select core.refuse('SHK02', '{"seconds": 30}')$$, 'SHK02',
    'the cart is being changed by another call for too long'
);

-- case: nobody opens a cart for nobody
select throws_ok($$select cart.take_cart('user:999999999', 'EUR')$$, 'SHA03', null);
select throws_ok($$select cart.take_cart('order:1', 'EUR')$$, '22023', null);
select throws_ok($$select cart.take_cart(null, 'EUR')$$, '22023', null);
