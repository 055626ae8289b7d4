-- setup: an order that was sent in two parcels
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
select orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 3}]', 'DHL', 'X1');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X2');
delete from events.outbox_events;

-- case: a parcel that fails keeps its order from being delivered
select is(r.status, 'shipped') from orders.fail_fulfillment(pg_temp.number(), 1, 'moved') as r;
select bag_eq(
    'select n.visibility, n.body from orders.order_notes as n',
    $$values ('internal', 'Parcel 1 failed: moved')$$
);
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('fulfillment.failed', null::bigint), ('order.note_added', 1)$$
);
select is(r.status, 'shipped') from orders.deliver_fulfillment(pg_temp.number()) as r;
delete from events.outbox_events;
select lives_ok($$select orders.fail_fulfillment(pg_temp.number(), 1, 'moved')$$);
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what has arrived did not fail
select orders.deliver_fulfillment(pg_temp.number(), 2);
select is(
    detail_of($$select orders.fail_fulfillment(pg_temp.number(), 2, 'lost')$$)
    - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "fulfillment", "fulfillment_no": 2,
        "status": "delivered", "requested": "failed", "legal": []
    }'::jsonb
);
select throws_ok($$select orders.fail_fulfillment(pg_temp.number(), 2, 'lost')$$, 'SHO30', null);
select throws_ok($$select orders.fail_fulfillment(pg_temp.number(), 9, 'lost')$$, 'SHO34', null);
select throws_ok('select orders.fail_fulfillment(pg_temp.number(), 1, null)', '22023', null);
select throws_ok($$select orders.fail_fulfillment(pg_temp.number(), 1, '')$$, '22023', null);
select throws_ok(
    $$select orders.fail_fulfillment(pg_temp.number(), 1, '4242 4242 4242 4242')$$, '22023', null
);
select throws_ok(
    $$select orders.fail_fulfillment('none', 1, 'lost')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.fail_fulfillment(
    pg_temp.number(), 1, 'lost', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.fail_fulfillment(
        pg_temp.number(), 1, 'lost', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.fail_fulfillment(
        pg_temp.number(), 1, 'moved', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
