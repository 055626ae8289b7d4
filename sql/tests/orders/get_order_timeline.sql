-- setup: an order with a story
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select orders.add_order_note(pg_temp.number(), 'Watch this one.');
select orders.add_order_note(pg_temp.number(), 'Thank you!', 'customer');
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.cancel_order(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'too many');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1');
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "POT"}]', 'broken', 'session:s');
select orders.decide_return(pg_temp.number(), 1, 'approved', 'of course');
select orders.receive_return(pg_temp.number(), 1);

-- case: what the customer may know, in order of time
select results_eq(
    $$
    select t.kind, t.what
    from orders.get_order_timeline(pg_temp.number(), 'session:s') as t
    where t.kind <> 'payment'
    $$,
    $$
    values
    ('status', 'pending'), ('note', 'customer'), ('status', 'confirmed'), ('credit', 'line'),
    ('refund', 'requested'), ('fulfillment', 'shipped'), ('status', 'shipped'),
    ('fulfillment', 'delivered'), ('status', 'delivered'), ('return', 'requested'),
    ('return', 'approved'), ('return', 'received'), ('credit', 'line'), ('refund', 'requested')
    $$
);
select set_eq(
    $$
    select t.what from orders.get_order_timeline(pg_temp.number(), 'session:s') as t
    where t.kind = 'payment'
    $$,
    $$values ('authorize succeeded'), ('capture succeeded')$$
);
select is_empty(
    $$
    select t.detail from orders.get_order_timeline(pg_temp.number(), 'session:s') as t
    where t.detail::text ~ 'Watch|staff:|of course|ref-'
    $$,
    'nothing that is for colleagues'
);
select is(
    t.detail,
    '{
        "carrier": "DHL", "tracking": "X1", "fulfillment_no": 1,
        "items": [{"line_no": 1, "quantity": 3}, {"line_no": 2, "quantity": 2}]
    }'::jsonb
)
from orders.get_order_timeline(pg_temp.number(), 'session:s') as t
where t.kind = 'fulfillment' and t.what = 'shipped';
select ok(bool_and(t.happened_at <= t.next))
from (
    select t.happened_at, lead(t.happened_at) over () as next
    from orders.get_order_timeline(pg_temp.number(), 'session:s') as t
) as t;

-- case: only of an own order
select throws_ok(
    format('select orders.get_order_timeline(pg_temp.number(), %L)', b.owner), b.sqlstate, null
)
from (
    values ('session:x', 'SHO01'), ('user:1', 'SHO01'), (null, '22023'), ('x', '22023')
) as b (owner, sqlstate);
select throws_ok($$select orders.get_order_timeline('none', 'session:s')$$, 'SHO01', null);
