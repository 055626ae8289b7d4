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
