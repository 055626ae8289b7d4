-- setup: an order that was delivered
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
select orders.ship_order(pg_temp.number());
select orders.deliver_fulfillment(pg_temp.number());
delete from events.outbox_events;

-- case: a delivered order is closed, once
select is(r.status, 'completed') from orders.complete_order(pg_temp.number()) as r;
select is(o.completed_at, h.created_at)
from orders.orders as o
inner join orders.order_status_history as h
    on h.order_id = o.order_id and h.to_status = 'completed';
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('order.completed', 5::bigint)$$
);
delete from events.outbox_events;
select is(r.status, 'completed') from orders.complete_order(pg_temp.number()) as r;
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: an open return keeps it from being closed
select orders.request_return(pg_temp.number(), null, 'broken');
select is(
    detail_of('select orders.complete_order(pg_temp.number())') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "delivered",
        "requested": "completed", "legal": [], "open_returns": [1]
    }'::jsonb
);
select orders.decide_return(pg_temp.number(), 1, 'rejected');
select lives_ok('select orders.complete_order(pg_temp.number())');

-- case: what has not arrived is not closed
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select throws_ok('select orders.complete_order(o.number) from pg_temp.other as o', 'SHO30', null);
select throws_ok(
    $$select orders.complete_order('none')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.complete_order(
    pg_temp.number(), p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.complete_order(
        pg_temp.number(), p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.complete_order(
        'other', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
