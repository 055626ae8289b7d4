-- setup: an order that is packed
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
select orders.pack_order(pg_temp.number());
delete from events.outbox_events;

-- case: its units are open again
select is(r.status, 'processing') from orders.cancel_fulfillment(pg_temp.number(), 1) as r;
select bag_eq(
    'select e.event_type from events.outbox_events as e', $$values ('fulfillment.cancelled')$$
);
delete from events.outbox_events;
select lives_ok('select orders.cancel_fulfillment(pg_temp.number(), 1)');
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is(r.status, 'shipped') from orders.ship_order(pg_temp.number()) as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what has left stays so
select orders.ship_order(pg_temp.number(), p_fulfillment_no => 1);
select is(
    detail_of('select orders.cancel_fulfillment(pg_temp.number(), 1)') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "fulfillment", "fulfillment_no": 1,
        "status": "shipped", "requested": "cancelled",
        "legal": ["in_transit", "delivered", "failed"]
    }'::jsonb
);
select throws_ok('select orders.cancel_fulfillment(pg_temp.number(), 1)', 'SHO30', null);
select throws_ok('select orders.cancel_fulfillment(pg_temp.number(), 9)', 'SHO34', null);
select throws_ok(
    $$select orders.cancel_fulfillment('none', 1)$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.cancel_fulfillment(
    pg_temp.number(), 1, p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.cancel_fulfillment(
        pg_temp.number(), 1, p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.cancel_fulfillment(
        pg_temp.number(), 2, p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
