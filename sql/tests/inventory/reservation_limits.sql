-- setup: ten mugs on hand; Ann has an account
select product.import_products(
    '[{"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"}]'
);
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}]');
create temporary table ann as
select 'user:' || r.user_id as owner
from account.register_user('ann@example.com', 'Ann') as r;
delete from events.outbox_events;

-- case: users, sessions and orders may hold
select lives_ok(
    format($$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', %L)$$, g.owner),
    g.title
)
from (
    select
        a.owner,
        'a user' as title
    from pg_temp.ann as a
    union all
    values
    ('session:' || repeat('s', 200), 'a session of 200 characters'),
    ('session:a b''c"d;--\%', 'a session of signs'),
    ('session:é👩🏽‍💻كوب', 'a session of any script'),
    ('order:1', 'an order'),
    ('order:999999999999999999', 'an order of a large number')
) as g (owner, title);
select is(count(*), 6, 'six holds')
from inventory.inventory_reservations;

-- case: an order's hold lasts longer, and takes no slot
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'order:1')
from generate_series(1, 7);
select results_eq(
    $$
    select r.slot::integer, r.slot_limit::integer, r.expires_at - r.created_at, count(*)
    from inventory.inventory_reservations as r
    group by 1, 2, 3
    $$,
    $$values (null::integer, null::integer, interval '30 minutes', 7::bigint)$$
);

-- case: the number of slots is a rule, and it may be off
select core.set_business_rule('cart_holds_max', 1, 1);
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$
);
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'SHI02', null, 'one'
);
select core.set_business_rule('cart_holds_max', 1, 2, null, false);
select lives_ok(
    $$
    select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')
    from generate_series(1, 7)
    $$,
    'off'
);

-- case: how long a hold lasts is a rule, and without it a year
select core.set_business_rule('cart_hold_minutes', 90, 1);
select cmp_ok(h.expires_at - clock_timestamp(), '>', '89 minutes'::interval, 'longer')
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann') as h;
select core.set_business_rule('cart_hold_minutes', 90, 2, null, false);
select cmp_ok(h.expires_at - clock_timestamp(), '>', '364 days'::interval, 'a year')
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann') as h;

-- case: a malformed owner is refused
select throws_ok(
    format($$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', %L)$$, b.owner),
    '22023', null, coalesce(left(b.owner, 40), 'null')
)
from (
    values
    (null), (''), ('ann'), ('session:'), ('session'), ('user:'), ('user:0'), ('user:-1'),
    ('user:01'), ('user:1.5'), ('user:a'), ('user:٣'), ('user:1 '), (' user:1'), ('User:1'),
    ('order:1000000000000000000'), ('order:'), ('cart:1'), ('session:' || repeat('s', 201))
) as b (owner);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a user who may not buy is refused
update account.users set status = 'suspended';
select throws_ok(
    format($$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', %L)$$, a.owner),
    'SHA04', null, 'suspended'
)
from pg_temp.ann as a;
update account.users
set status = 'anonymized', anonymized_at = clock_timestamp(), email = 'anonymized.1@invalid';
select throws_ok(
    format($$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', %L)$$, a.owner),
    'SHA04', null, 'anonymized'
)
from pg_temp.ann as a;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a rule that is missing is a mistake, and limits nothing by silence
delete from core.business_rules where name = 'cart_holds_max';
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'SHC03', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a user without an account is refused
select throws_ok(
    format($$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', %L)$$, b.owner),
    'SHA03', null, b.owner
)
from (values ('user:999999999999999999'), ('user:999999999')) as b (owner);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: it tells who may reserve, and what is in force
select results_eq(
    $$
    select l.is_well_formed, l.user_status, l.items, l.lasts, l.slots, l.is_ready
    from (values (1, 'session:ann'), (2, 'order:7'), (3, 'user:0'), (4, 'user:999')) as o (n, owner)
    cross join inventory.reservation_limits(o.owner) as l
    order by o.n
    $$,
    $$
    values
    (true, null::text, 1000::numeric, interval '5 minutes', 5, true),
    (true, null, 1000, interval '30 minutes', null, true),
    (false, null, 1000, interval '5 minutes', 5, false),
    (true, null, 1000, interval '5 minutes', 5, null)
    $$
);
