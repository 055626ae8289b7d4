-- setup: an order of which all is to come back
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number());
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "RED"}, {"sku": "POT"}]', 'broken');
delete from events.outbox_events;

-- case: approved, once
select results_eq(
    $$
    select r.return_no, r.return_status
    from orders.decide_return(pg_temp.number(), 1, 'approved', 'of course') as r
    $$,
    $$values (1, 'approved')$$
);
select bag_eq(
    $$
    select r.decided_by, r.decision_reason, r.decided_at is null from orders.order_returns as r
    $$,
    $$values ('staff:anna', 'of course', false)$$
);
select bag_eq(
    'select e.event_type from events.outbox_events as e', $$values ('return.approved')$$
);
delete from events.outbox_events;
select lives_ok($$select orders.decide_return(pg_temp.number(), 1, 'approved')$$);
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select throws_ok($$select orders.decide_return(pg_temp.number(), 1, 'rejected')$$, 'SHO30', null);

-- case: rejected, and the units may be announced again
select orders.decide_return(pg_temp.number(), 1, 'rejected');
select is(sum(i.qty_return_requested), 0::bigint) from orders.order_items as i;
select lives_ok($$select orders.request_return(pg_temp.number(), null, 'please')$$);
select is(
    detail_of($$select orders.decide_return(pg_temp.number(), 1, 'approved')$$)
    - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "return", "return_no": 1, "status": "rejected",
        "requested": "approved", "legal": []
    }'::jsonb
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: refusals
select throws_ok(
    format('select orders.decide_return(pg_temp.number(), 1, %L, %L)', b.status, b.reason), '22023',
    null
)
from (
    values
    ('received', null), (null, null), ('', null), ('approved', ''),
    ('approved', '4242 4242 4242 4242')
) as b (status, reason);
select throws_ok($$select orders.decide_return(pg_temp.number(), 9, 'approved')$$, 'SHO36', null);
select throws_ok(
    $$select orders.decide_return(pg_temp.number(), null, 'approved')$$, 'SHO36', null
);
select throws_ok(
    $$select orders.decide_return('none', 1, 'approved')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.decide_return(
    pg_temp.number(), 1, 'approved', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.decide_return(
        pg_temp.number(), 1, 'approved', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.decide_return(
        pg_temp.number(), 1, 'rejected', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
