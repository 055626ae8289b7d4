-- setup: an order of which all is to come back
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number());
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "RED"}, {"sku": "POT"}]', 'broken');
select orders.decide_return(pg_temp.number(), 1, 'approved');
delete from events.outbox_events;

-- case: after it was received
select orders.receive_return(pg_temp.number(), 1);
delete from events.outbox_events;
select is(r.return_status, 'closed') from orders.close_return(pg_temp.number(), 1) as r;
select bag_eq(
    'select e.event_type from events.outbox_events as e', $$values ('return.closed')$$
);
delete from events.outbox_events;
select lives_ok('select orders.close_return(pg_temp.number(), 1)');
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is(r.status, 'completed') from orders.complete_order(pg_temp.number()) as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: nothing came, and nothing is credited
select is(r.credit_total, 0.0000) from orders.close_return(pg_temp.number(), 1) as r;
select is(sum(i.qty_return_requested), 0::bigint) from orders.order_items as i;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: refusals
select orders.request_return(o.number, null, 'no')
from (
    select pg_temp.number() as number from orders.close_return(pg_temp.number(), 1)
) as o;
select throws_ok('select orders.close_return(pg_temp.number(), 2)', 'SHO30', null);
select throws_ok('select orders.close_return(pg_temp.number(), 9)', 'SHO36', null);
select throws_ok(
    $$select orders.close_return('none', 1)$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.close_return(
    pg_temp.number(), 1, p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.close_return(
        pg_temp.number(), 1, p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.close_return(
        pg_temp.number(), 2, p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
