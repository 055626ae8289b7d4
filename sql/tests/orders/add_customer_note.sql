-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: beside an own order
select lives_ok(
    $$select orders.add_customer_note(pg_temp.number(), 'session:s', 'Ring twice.')$$
);
select bag_eq(
    'select n.visibility, n.body from orders.order_notes as n',
    $$values ('customer', 'Ring twice.')$$
);
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('order.note_added', 1::bigint)$$
);

-- case: not beside another's
select throws_ok(
    $$select orders.add_customer_note(pg_temp.number(), 'session:x', 'Mine.')$$, 'SHO01', null
);
select throws_ok(
    $$select orders.add_customer_note(pg_temp.number(), 'user:1', 'Mine.')$$, 'SHO01', null
);
select throws_ok(
    $$select orders.add_customer_note(pg_temp.number(), null, 'Mine.')$$, '22023', null
);
select throws_ok(
    $$select orders.add_customer_note(pg_temp.number(), 'x', 'Mine.')$$, '22023', null
);
select throws_ok(
    $$select orders.add_customer_note('none', 'session:s', 'x')$$, 'SHO01', null,
    'no such order'
);

-- case: malformed texts are refused
select throws_ok(format('select orders.%s', c.call), '22023', null, left(c.call, 60))
from (
    values (null), (''), ('  '), (E'a\u0007'), (repeat('x', 10001)),
    ('My card is 4242 4242 4242 4242.')
) as b (body)
cross join lateral (
    select format($$add_customer_note(pg_temp.number(), 'session:s', %L)$$, b.body) as call
) as c;

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.add_customer_note(
    pg_temp.number(), 'session:s', 'x', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.add_customer_note(
        pg_temp.number(), 'session:s', 'x', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.add_customer_note(
        pg_temp.number(), 'session:s', 'y', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
