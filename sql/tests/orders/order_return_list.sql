-- setup: an order with a story
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
select orders.add_order_note(pg_temp.number(), 'Watch this one.');
select orders.add_order_note(pg_temp.number(), 'Thank you!', 'customer');
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.cancel_order(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'too many');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1');
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "POT"}]', 'broken', 'session:s');
select orders.decide_return(pg_temp.number(), 1, 'approved', 'of course');
select orders.receive_return(pg_temp.number(), 1);

-- case: one row for each
select bag_eq(
    $$
    select v.return_no, v.status, v.reason, v.decision_reason
    from orders.order_return_list as v
    $$,
    $$
    values (1, 'received', 'broken', 'of course')
    $$
);
