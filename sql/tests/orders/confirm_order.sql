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
delete from events.outbox_events;

-- case: an order whose payment was recorded elsewhere is confirmed, and its holds are sold
insert into payment.payments (
    order_id, provider, currency, amount, authorized, phase, auth_expires_at, updated_by
)
select o.order_id, 'acme', 'EUR', 83, 83, 'authorized', clock_timestamp() + '1 day', 'test'
from orders.orders as o;
select results_eq(
    $$
    select r.status, r.payment_status, r.total, r.credit_total
    from orders.confirm_order(pg_temp.number()) as r
    $$,
    $$values ('confirmed', 'authorized', 83.0000::numeric, 0.0000::numeric)$$
);
select bag_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('consumed', 4), ('consumed', 2)$$
);
select is(o.confirmed_at, h.created_at, 'its time is that of the history')
from orders.orders as o
inner join orders.order_status_history as h on h.order_id = o.order_id and h.seq = 2;
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e where e.aggregate_type = 'order'
    $$,
    $$values ('order.payment_changed', 3::bigint), ('order.confirmed', 2)$$
);

-- case: repeated, it does nothing
select pg_temp.pay(pg_temp.number());
delete from events.outbox_events;
select is(r.status, 'confirmed') from orders.confirm_order(pg_temp.number()) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not covered is refused
select throws_ok('select orders.confirm_order(pg_temp.number())', 'SHO33', null);
select is(
    detail_of('select orders.confirm_order(pg_temp.number())') - 'order_number',
    '{"error": "ORDER_NOT_COVERED", "due": 83.0000, "covered": 0}'::jsonb
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a cancelled order has nowhere to go
select orders.cancel_order(pg_temp.number());
select throws_ok('select orders.confirm_order(pg_temp.number())', 'SHO30', null);
select is(
    detail_of('select orders.confirm_order(pg_temp.number())') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "cancelled",
        "requested": "confirmed", "legal": []
    }'::jsonb
);

-- case: an unknown order
select throws_ok(
    $$select orders.confirm_order('none')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key with another request is refused
select pg_temp.pay(pg_temp.number());
select orders.confirm_order(pg_temp.number(), 'k');
select lives_ok($$select orders.confirm_order(pg_temp.number(), 'k')$$);
select throws_ok($$select orders.confirm_order('other', 'k')$$, 'SHC01', null);
