-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 2}]')
from generate_series(1, 3);
update orders.orders
set paid_at = '2026-01-01 00:00+00'::timestamptz + order_id % 2 * interval '1 day';

-- case: from one time on and before another, in that order
select results_eq(
    $$
    select l.order_id
    from orders.list_orders_paid('2026-01-01 00:00+00', '2026-01-03 00:00+00') as l
    $$,
    'select o.order_id from orders.orders as o order by o.paid_at, o.order_id'
);
select results_eq(
    $$
    select l.order_id
    from orders.list_orders_paid('2026-01-01 00:00+00', '2026-01-02 00:00+00') as l
    $$,
    $$
    select o.order_id from orders.orders as o
    where o.paid_at = '2026-01-01 00:00+00' order by o.order_id
    $$
);
select results_eq(
    $$
    select l.order_id
    from orders.list_orders_paid('2026-01-01 00:00+00', '2026-01-03 00:00+00', 9, (
        select f.cursor
        from orders.list_orders_paid('2026-01-01 00:00+00', '2026-01-03 00:00+00', 2) as f
        offset 1
    )) as l
    $$,
    'select o.order_id from orders.orders as o order by o.paid_at desc, o.order_id desc limit 1'
);

-- case: malformed arguments
select throws_ok($$select orders.list_orders_paid('2026-01-02', '2026-01-02')$$, '22023');
select throws_ok($$select orders.list_orders_paid(null, '2026-01-02')$$, '22023');
select throws_ok($$select orders.list_orders_paid('2026-01-01', null)$$, '22023');
select throws_ok($$select orders.list_orders_paid('2026-01-01', '2026-01-02', 1001)$$, '22023');
select throws_ok($$select orders.list_orders_paid('2026-01-01', '2026-01-02', 1, 'x')$$, 'SHP50');
