-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
delete from events.outbox_events;

-- case: a confirmed order is worked on, once
select results_eq(
    'select r.status from orders.process_order(pg_temp.number()) as r', $$values ('processing')$$
);
select is(o.processing_at, h.created_at)
from orders.orders as o
inner join orders.order_status_history as h
    on h.order_id = o.order_id and h.to_status = 'processing';
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('order.processing', 3::bigint)$$
);
delete from events.outbox_events;
select is(r.status, 'processing') from orders.process_order(pg_temp.number()) as r;
select is_empty('table events.outbox_events', 'repeated, it does nothing');

-- case: an illegal one is refused with the legal ones
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
delete from events.outbox_events;
select throws_ok(
    'select orders.process_order(o.number) from pg_temp.other as o', 'SHO30', null
);
select is(
    detail_of('select orders.process_order(o.number) from pg_temp.other as o')
    - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "pending",
        "requested": "processing", "legal": ["confirmed", "cancelled", "expired"]
    }'::jsonb
);
select is_empty('table events.outbox_events', 'nothing was written');
select throws_ok($$select orders.process_order('none')$$, 'SHO01', null);
select throws_ok('select orders.process_order(null)', 'SHO01', null);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.process_order(
    pg_temp.number(), p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.process_order(
        pg_temp.number(), p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.process_order(
        'other', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
