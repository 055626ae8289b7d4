-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "JAR", "name": "Jar", "price": 3.33, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "POT", "quantity": 5}, {"sku": "JAR", "quantity": 9}
]');
create function pg_temp.place(p_items jsonb, p_owner text default 'session:s')
returns text
language sql
as $function$
    select o.order_number
    from orders.place_order(
        p_owner, 'EUR', p_items,
        '{"email": "ann@example.com", "shipping": {"method": "post", "amount": 5}}'
    ) as o;
$function$;
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
create function pg_temp.number()
returns text
language sql
as 'select p.number from pg_temp.placed as p';
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
