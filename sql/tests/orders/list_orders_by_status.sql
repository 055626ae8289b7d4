-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 2}]')
from generate_series(1, 3);

-- case: those that expire first, page after page
select results_eq(
    $$select l.order_id from orders.list_orders_by_status('pending', 2) as l$$,
    'select o.order_id from orders.orders as o order by o.order_id limit 2'
);
select results_eq(
    $$
    select l.order_id, l.units, l.since = l.placed_at
    from orders.list_orders_by_status('pending', 2, (
        select f.cursor from orders.list_orders_by_status('pending', 2) as f offset 1
    )) as l
    $$,
    'select max(o.order_id), 2::bigint, true from orders.orders as o'
);

-- case: every status can be asked for
select is(count(l.order_id), 0::bigint, s.status)
from unnest(
    '{confirmed,processing,shipped,delivered,completed,cancelled,expired}'::text[]
) as s (status)
left join lateral orders.list_orders_by_status(s.status) as l on true
group by s.status;

-- case: an order is listed where it is
select orders.cancel_order(o.order_number, null, 'Changed my mind', 'session:s')
from orders.orders as o
order by o.order_id
limit 1;
select results_eq(
    $$
    select l.status, l.since = o.cancelled_at
    from orders.list_orders_by_status('cancelled') as l
    inner join orders.orders as o on o.order_id = l.order_id
    $$,
    $$values ('cancelled', true)$$
);
select is(count(l.order_id), 2::bigint) from orders.list_orders_by_status('pending') as l;

-- case: malformed arguments
select throws_ok('select orders.list_orders_by_status(null)', '22023');
select throws_ok($$select orders.list_orders_by_status('lost')$$, '22023');
select throws_ok($$select orders.list_orders_by_status('pending', 0)$$, '22023');
select throws_ok($$select orders.list_orders_by_status('pending', 9, 'x')$$, 'SHP50');
select throws_ok($$select orders.list_orders_by_status('pending', 9, 'expired:1:1')$$, 'SHP50');
