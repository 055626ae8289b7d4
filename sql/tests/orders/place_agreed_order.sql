-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();

-- case: list price, agreed price and reason are kept
select results_eq(
    $$
    select r.status, r.total
    from orders.place_agreed_order(pg_temp.ann(), 'EUR', '[
        {"sku": "POT", "quantity": 2, "unit_price": 20.125},
        {"sku": "RED", "quantity": 1, "unit_price": 0, "reason": "Broken last time"},
        {"sku": "BLUE", "quantity": 1, "expected_price": 8.25}
    ]', 'Quote 17') as r
    $$,
    $$values ('pending', 48.5)$$
);
select results_eq(
    $$
    select i.list_price, i.unit_price, i.price_list, i.price_reason, i.line_subtotal, o.source
    from orders.order_items as i
    inner join orders.orders as o on o.order_id = i.order_id
    order by i.line_no
    $$,
    $$
    values
    (24.0, 20.125, null, 'Quote 17', 40.25, 'agreed'),
    (7.5, 0.0, null, 'Broken last time', 0.0, 'agreed'),
    (8.25, 8.25, 'base', null, 8.25, 'agreed')
    $$
);

-- case: for somebody who is not known, in a currency without prices
select lives_ok(
    $$select orders.place_agreed_order(null, 'USD', '[
        {"sku": "POT", "quantity": 1, "unit_price": "30"}
    ]', 'By telephone', '{"email": "bob@example.com"}')$$
);
select results_eq(
    $$
    select o.user_id, o.guest_owner, i.list_price, c.email
    from orders.orders as o
    inner join orders.order_items as i on i.order_id = o.order_id
    inner join orders.order_contacts as c on c.order_id = o.order_id
    $$,
    $$values (null::bigint, null::text, null::numeric, 'bob@example.com')$$
);

-- case: the same key answers the same
create temporary table answers as
select
    r.order_id, r.order_number, r.status, r.currency, r.total, r.expires_at, r.version
from orders.place_agreed_order(
    null, 'EUR', '[{"sku": "POT", "quantity": 1, "unit_price": 30}]', 'Quote', null, 'k'
) as r;
select results_eq(
    $$
    select r.*
    from orders.place_agreed_order(
        null, 'EUR', '[{"sku": "POT", "quantity": 1, "unit_price": 30}]', 'Quote', null, 'k'
    ) as r
    $$,
    'select a.* from pg_temp.answers as a'
);

-- case: the rules of every order hold
select throws_ok(
    format('select orders.place_agreed_order(%L, %L, %L, %L)', null, 'EUR', a.items, 'Quote'),
    a.code, null, a.items
)
from (
    values
    ('[{"sku": "POT", "quantity": 1, "unit_price": 9.99}]', 'SHO04'),
    ('[{"sku": "POT", "quantity": 3, "unit_price": 5000}]', 'SHO04'),
    ('[{"sku": "POT", "quantity": 1, "unit_price": 100000.01}]', 'SHO02'),
    ('[{"sku": "POT", "quantity": 9, "unit_price": 9}]', 'SHI01'),
    ('[{"sku": "NONE", "quantity": 1, "unit_price": 9}]', 'SHP01')
) as a (items, code);
update core.business_rules
set is_enabled = false
where name = 'order_total_max';
select throws_ok(
    $$select orders.place_agreed_order(null, 'EUR', '[
        {"sku": "POT", "quantity": 1, "unit_price": 100000.01}
    ]', 'Quote')$$,
    'SHP05'
);

-- case: malformed arguments are named
select throws_ok(
    format('select orders.place_agreed_order(%L, %L, %L, %L)', null, 'EUR', a.items, a.reason),
    '22023', null, a.items
)
from (
    values
    ('[{"sku": "POT", "quantity": 1, "unit_price": 30}]', null),
    ('[{"sku": "POT", "quantity": 1, "unit_price": 30}]', ''),
    ('[{"sku": "POT", "quantity": 1, "unit_price": -1}]', 'Quote'),
    ('[{"sku": "POT", "quantity": 1, "unit_price": 1, "reason": 7}]', 'Quote'),
    ('[{"sku": "POT", "quantity": 1, "unit_price": 1}]', '4242424242424242'),
    ('[{"sku": "POT", "quantity": 1, "unit_price": 1, "reason": "4242424242424242"}]', 'Quote'),
    ('7', 'Quote')
) as a (items, reason);
