-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: for colleagues, or for the customer
select lives_ok($$select orders.add_order_note(pg_temp.number(), E'Call first.\nTwice.')$$);
select lives_ok($$select orders.add_order_note(pg_temp.number(), 'On its way 🫖', 'customer')$$);
select bag_eq(
    'select n.note_no, n.visibility, n.body, n.author from orders.order_notes as n',
    $$
    values
    (1, 'internal', E'Call first.\nTwice.', 'staff:anna'),
    (2, 'customer', 'On its way 🫖', 'staff:anna')
    $$
);
select bag_eq(
    $$
    select
        e.event_type, e.aggregate_seq, e.payload ->> 'visibility' as visibility,
        e.payload ? 'body' as tells
    from events.outbox_events as e
    $$,
    $$
    values
    ('order.note_added', 1::bigint, 'internal', false), ('order.note_added', 2, 'customer', false)
    $$
);

-- case: malformed texts are refused
select throws_ok(format('select orders.%s', c.call), '22023', null, left(c.call, 60))
from (
    values (null), (''), ('  '), (E'a\u0007'), (repeat('x', 10001))
) as b (body)
cross join lateral (
    select format('add_order_note(pg_temp.number(), %L)', b.body) as call
) as c;
select throws_ok(
    format($$select orders.add_order_note(pg_temp.number(), 'x', %L)$$, b.visibility), '22023', null
)
from (values ('public'), (null)) as b (visibility);
select throws_ok(
    $$select orders.add_order_note('none', 'x')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.add_order_note(
    pg_temp.number(), 'x', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.add_order_note(
        pg_temp.number(), 'x', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.add_order_note(
        pg_temp.number(), 'y', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
