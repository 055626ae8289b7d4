-- setup: an order that was captured and delivered
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number());
select orders.deliver_fulfillment(pg_temp.number());
delete from events.outbox_events;

-- case: what has arrived may be sent back, once
select results_eq(
    $$
    select r.status, r.return_no, r.return_status
    from orders.request_return(
        pg_temp.number(), '[{"sku": "RED", "quantity": 3}]', 'broken', 'session:s', 'In pieces.'
    ) as r
    $$,
    $$values ('delivered', 1, 'requested')$$
);
select bag_eq(
    'select r.return_no, r.reason, r.comment, r.requested_by from orders.order_returns as r',
    $$values (1, 'broken', 'In pieces.', 'staff:anna')$$
);
select bag_eq(
    'select i.line_no, i.qty_return_requested from orders.order_items as i', 'values (1, 3), (2, 0)'
);
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('return.requested', null::bigint)$$
);
select throws_ok(
    $$select orders.request_return(pg_temp.number(), '[{"sku": "RED", "quantity": 2}]', 'no')$$,
    'SHO32', null, 'three of four are on their way back'
);
select is(r.return_no, 2) from orders.request_return(pg_temp.number(), null, 'no') as r;
select bag_eq(
    'select i.return_no, i.line_no, i.quantity from orders.return_items as i',
    'values (1, 1, 3), (2, 1, 1), (2, 2, 2)'
);
select throws_ok(
    $$select orders.request_return(pg_temp.number(), null, 'no')$$, 'SHO32', null, 'nothing is left'
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what has not arrived is not sent back
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
select orders.ship_order(o.number) from pg_temp.other as o;
select throws_ok(
    $$
    select orders.request_return(o.number, '[{"sku": "RED", "quantity": 1}]', 'no')
    from pg_temp.other as o
    $$,
    'SHO32', null
);

-- case: refusals
select throws_ok(
    format('select orders.request_return(pg_temp.number(), null, %L, %L, %L)', b.reason, b.owner,
    b.comment),
    b.sqlstate, null
)
from (
    values
    ('', null, null, '22023'), (null, null, null, '22023'), ('no', 'session:x', null, 'SHO01'),
    ('no', 'x', null, '22023'), ('no', null, '', '22023'), ('no', null, repeat('x', 2001), '22023'),
    ('4242 4242 4242 4242', null, null, '22023'), ('no', null, '4242 4242 4242 4242', '22023')
) as b (reason, owner, comment, sqlstate);
select throws_ok(
    $$select orders.request_return(pg_temp.number(), '[{"sku": "JAR"}]', 'no')$$, 'SHO31', null
);
select throws_ok(
    $$select orders.request_return('none', null, 'no')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.request_return(
    pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'no', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.request_return(
        pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'no', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.request_return(
        pg_temp.number(), null, 'no', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
