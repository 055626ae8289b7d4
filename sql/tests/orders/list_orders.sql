-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "RED", "quantity": 2}]')
from generate_series(1, 3);
select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]')
from generate_series(1, 2);
create temporary table numbers as
select
    o.order_number, o.order_id, o.user_id is null as is_guest,
    row_number() over (partition by o.user_id order by o.order_id desc) as place
from orders.orders as o;

-- case: a customer's own, the newest first
select results_eq(
    'select l.order_number from orders.list_orders(pg_temp.ann()) as l',
    'select n.order_number from pg_temp.numbers as n where not n.is_guest order by n.place'
);
select results_eq(
    $$
    select l.order_number, l.status, l.payment_status, l.fulfillment_status, l.total,
        l.credit_total, l.lines, l.units, l.first_items, l.expires_at > l.placed_at, l.version
    from orders.list_orders('session:s', p_limit => 1) as l
    $$,
    $$
    select n.order_number, 'pending', 'unpaid', 'unfulfilled', 24.0, 0.0, 1, 1::bigint,
        '[{"sku": "POT", "name": "Teapot", "quantity": 1}]'::jsonb, true, 1::bigint
    from pg_temp.numbers as n
    where n.is_guest and n.place = 1
    $$
);
select is_empty($$select l.* from orders.list_orders('session:t') as l$$);

-- case: page after page
select results_eq(
    $$
    with first as (
        select l.* from orders.list_orders(pg_temp.ann(), 'pending', 2) as l
    )
    select l.order_number
    from orders.list_orders(
        pg_temp.ann(), 'pending', 2, (select f.cursor from first as f offset 1)
    ) as l
    $$,
    'select n.order_number from pg_temp.numbers as n where not n.is_guest and n.place = 3'
);
select is_empty(
    $$
    select l.*
    from orders.list_orders('session:s', null, 5, (
        select n.order_number from pg_temp.numbers as n where n.is_guest and n.place = 2
    )) as l
    $$
);

-- case: of one status
select is_empty($$select l.* from orders.list_orders(pg_temp.ann(), 'shipped') as l$$);
select is(count(l.order_number), 3::bigint) from orders.list_orders(pg_temp.ann(), 'pending') as l;

-- case: malformed arguments
select throws_ok($$select orders.list_orders('nobody')$$, '22023');
select throws_ok($$select orders.list_orders('session:s', 'lost')$$, '22023');
select throws_ok($$select orders.list_orders('session:s', null, 101)$$, '22023');
select throws_ok($$select orders.list_orders('session:s', null, 0)$$, '22023');
select throws_ok($$select orders.list_orders('session:s', null, null)$$, '22023');
select throws_ok($$select orders.list_orders('session:s', null, 20, 'x')$$, 'SHP50');
select throws_ok(
    format('select orders.list_orders(%L, null, 20, %L)', 'session:s', n.order_number), 'SHP50'
)
from pg_temp.numbers as n
where not n.is_guest and n.place = 1;
