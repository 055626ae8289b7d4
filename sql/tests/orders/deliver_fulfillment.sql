-- setup: an order that was sent in two parcels
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
select orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 3}]', 'DHL', 'X1');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X2');
delete from events.outbox_events;

-- case: the last parcel that arrives makes the order delivered
select results_eq(
    $$
    select r.status, r.fulfillment_status
    from orders.deliver_fulfillment(pg_temp.number(), 1) as r
    $$,
    $$values ('shipped', 'partially_delivered')$$
);
select results_eq(
    $$
    select r.status, r.fulfillment_status
    from orders.deliver_fulfillment(pg_temp.number(), 2) as r
    $$,
    $$values ('delivered', 'delivered')$$
);
select is(o.delivered_at, h.created_at)
from orders.orders as o
inner join orders.order_status_history as h
    on h.order_id = o.order_id and h.to_status = 'delivered';
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$
    values
    ('fulfillment.delivered', null::bigint), ('fulfillment.delivered', null),
    ('order.delivered', 5)
    $$
);
select bag_eq(
    'select i.line_no, i.qty_delivered from orders.order_items as i', 'values (1, 4), (2, 2)'
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: all that are on their way, and again nothing
select is(r.status, 'delivered') from orders.deliver_fulfillment(pg_temp.number()) as r;
delete from events.outbox_events;
select is(r.status, 'delivered') from orders.deliver_fulfillment(pg_temp.number()) as r;
select is(r.status, 'delivered') from orders.deliver_fulfillment(pg_temp.number(), 2) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what was not sent does not arrive
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select throws_ok(
    'select orders.deliver_fulfillment(o.number) from pg_temp.other as o', 'SHO30', null
);
select throws_ok('select orders.deliver_fulfillment(pg_temp.number(), 9)', 'SHO34', null);
select pg_temp.pay(o.number) from pg_temp.other as o;
select orders.pack_order(o.number) from pg_temp.other as o;
select is(
    detail_of('select orders.deliver_fulfillment(o.number, 1) from pg_temp.other as o')
    - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "fulfillment", "fulfillment_no": 1,
        "status": "packed", "requested": "delivered", "legal": ["shipped", "cancelled"]
    }'::jsonb
);
select throws_ok(
    $$select orders.deliver_fulfillment('none')$$, 'SHO01', null,
    'no such order'
);

-- case: of an order whose parcels have failed nothing arrives any more
select orders.fail_fulfillment(pg_temp.number(), n, 'Nobody there') from generate_series(1, 2) as n;
select is(
    detail_of('select orders.deliver_fulfillment(pg_temp.number())') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "shipped",
        "requested": "delivered", "legal": []
    }'::jsonb
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.deliver_fulfillment(
    pg_temp.number(), 1, p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.deliver_fulfillment(
        pg_temp.number(), 1, p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.deliver_fulfillment(
        pg_temp.number(), 2, p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
