-- setup: an order that was sent
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
create function pg_temp.pay(p_order_number text, p_outcome text default 'approved')
returns text
language sql
as $function$
    select r.order_status
    from payment.begin_payment(p_order_number, 'acme') as b
    cross join lateral payment.process_payment_authorization(
        b.transaction, p_outcome, 'ref-' || b.transaction
    ) as r;
$function$;
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
create function pg_temp.number()
returns text
language sql
as 'select p.number from pg_temp.placed as p';
select pg_temp.pay(pg_temp.number());
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1');
delete from events.outbox_events;

-- case: the carrier has it
select lives_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X9', true)$$
);
select bag_eq(
    'select f.status, f.carrier, f.tracking, f.in_transit_at is null'
    || ' from orders.order_fulfillment as f',
    $$values ('in_transit', 'DHL', 'X9', false)$$
);
select bag_eq(
    $$select e.event_type, e.payload ->> 'carrier' from events.outbox_events as e$$,
    $$values ('fulfillment.in_transit', 'DHL')$$
);
delete from events.outbox_events;
select lives_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X9', true)$$
);
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is(r.status, 'delivered') from orders.deliver_fulfillment(pg_temp.number()) as r;

-- case: a number that was written wrong is mended
select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X8');
select is(f.status || ' ' || f.tracking, 'shipped X8') from orders.order_fulfillment as f;
select bag_eq(
    'select e.event_type from events.outbox_events as e', $$values ('fulfillment.tracked')$$
);

-- case: refusals
select orders.deliver_fulfillment(pg_temp.number());
select throws_ok(
    'select orders.track_fulfillment(pg_temp.number(), 1, p_is_in_transit => true)', 'SHO30', null
);
select throws_ok('select orders.track_fulfillment(pg_temp.number(), 1)', '22023', null);
select throws_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, null, 'X1')$$, '22023', null
);
select throws_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X1', null)$$, '22023', null
);
select throws_ok($$select orders.track_fulfillment(pg_temp.number(), 9, 'DHL')$$, 'SHO34', null);
select throws_ok(
    $$select orders.track_fulfillment('none', 1, 'DHL')$$, 'SHO01', null,
    'no such order'
);
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
select orders.pack_order(o.number) from pg_temp.other as o;
select throws_ok(
    $$select orders.track_fulfillment(o.number, 1, 'DHL', 'X1') from pg_temp.other as o$$,
    'SHO35', null
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.track_fulfillment(
    pg_temp.number(), 1, 'DHL', 'X2', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.track_fulfillment(
        pg_temp.number(), 1, 'DHL', 'X2', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.track_fulfillment(
        pg_temp.number(), 1, 'DHL', 'X3', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
