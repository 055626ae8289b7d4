-- setup: two carts with a line each, a limit, an activity and a day
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}]');
select account.register_user('ann@example.com', 'Ann');
select cart.add_item_to_cart('session:s', 'RED', 1, 'EUR');
select cart.add_item_to_cart('user:' || u.user_id, 'RED', 1, 'EUR') from account.users as u;
select cart.roll_up_metrics();
select cart.set_variant_limit('RED', 3, 0);
select cart.add_item_to_cart('session:s', 'RED', 1, 'EUR');

-- case: whatever a function forgets, the table of carts refuses
select throws_ok(
    format('update cart.carts set %s where session_token is not null', b.change), b.sqlstate, null,
    b.change
)
from (
    values
    ($$session_token = null$$, '23514'),
    ($$user_id = (select u.user_id from account.users as u)$$, '23514'),
    ($$session_token = ''$$, '23514'), ($$session_token = repeat('s', 201)$$, '23514'),
    ($$status = 'gone', closed_at = clock_timestamp()$$, '23514'),
    ($$status = 'expired'$$, '23514'), ($$closed_at = clock_timestamp()$$, '23514'),
    ($$status = 'merged', closed_at = clock_timestamp()$$, '23514'),
    ($$status = 'merged', closed_at = clock_timestamp(), merged_into = cart_id$$, '23514'),
    ($$version = -1$$, '23514'), ($$currency = 'XXX'$$, '23503'),
    ($$session_token = null, user_id = 0$$, '23503'),
    ($$session_token = null, user_id = (select u.user_id from account.users as u)$$, '23505'),
    (
        $$public_id = (select c.public_id from cart.carts as c where c.user_id is not null)$$,
        '23505'
    ),
    ($$status = 'merged', closed_at = clock_timestamp(), merged_into = 0$$, '23503')
) as b (change, sqlstate);
select throws_ok(
    $$
    insert into cart.carts (session_token, currency, updated_by, expires_at)
    values ('s', 'EUR', 'test', clock_timestamp())
    $$,
    '23505', null, 'two of one session'
);
select throws_ok(
    $$
    insert into cart.carts (cart_id, session_token, currency, updated_by, expires_at)
    overriding system value
    select c.cart_id, 'other', 'EUR', 'test', clock_timestamp() from cart.carts as c limit 1
    $$,
    '23505', null, 'the number twice'
);

-- case: the table of lines refuses, too
select throws_ok('update cart.cart_items set ' || b.change, b.sqlstate, null, b.change)
from (
    values
    ('quantity = 0', '23514'), ('quantity = 1000000000', '23514'), ('price_seen = 0', '23514'),
    ('variant_id = 0', '23503'),
    ('cart_id = (select max(c.cart_id) from cart.carts as c)', '23505')
) as b (change, sqlstate);
select throws_ok(
    'update cart.cart_items set cart_id = -variant_id - cart_id', '23503', null, 'no such cart'
);

-- case: and the others
select throws_ok('update cart.variant_limits set max_units = 0', '23514', null, 'no units');
select throws_ok('update cart.variant_limits set variant_id = 0', '23503', null, 'no such variant');
select throws_ok(
    'insert into cart.variant_limits select l.* from cart.variant_limits as l', '23505', null,
    'two limits'
);
select throws_ok($$update cart.cart_activities set kind = 'look'$$, '23514', null, 'kind');
select throws_ok('update cart.cart_activities set value = -1', '23514', null, 'value');
select throws_ok(
    $$
    insert into cart.cart_activities overriding system value
    select a.* from cart.cart_activities as a
    $$,
    '23505', null, 'the number twice'
);
select throws_ok(format('update cart.cart_metrics set %I = -1', c.name), '23514', null, c.name)
from (
    values
    ('adds'), ('removals'), ('quantity_changes'), ('merged'), ('abandoned'), ('converted'),
    ('added_value'), ('abandoned_value'), ('converted_value')
) as c (name);
select throws_ok($$update cart.cart_metrics set currency = 'XXX'$$, '23503', null, 'currency');
select throws_ok(
    'insert into cart.cart_metrics select m.* from cart.cart_metrics as m', '23505', null,
    'a day twice'
);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('cart')$$,
    $$
    values
    ('cart_items', 'price_seen'),
    ('carts', 'closed_at merged_into session_token user_id'),
    ('variant_limits', 'max_units')
    $$,
    'columns that may be null'
);
