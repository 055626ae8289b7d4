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

-- case: one word for all the amounts
select is(
    orders.payment_status_of(b.due, b.authorized, b.captured, b.refunded, b.charged_back), b.status,
    b.status
)
from (
    values
    (10, 0, 0, 0, 0, 'unpaid'), (10, 9, 0, 0, 0, 'partially_authorized'),
    (10, 10, 0, 0, 0, 'authorized'), (10, 10, 4, 0, 0, 'partially_paid'),
    (10, 10, 10, 0, 0, 'paid'), (6, 10, 6, 0, 0, 'paid'),
    (10, 10, 10, 4, 0, 'partially_refunded'), (10, 10, 10, 10, 0, 'refunded'),
    (10, 10, 10, 4, 6, 'disputed'), (0, 0, 0, 0, 0, 'unpaid')
) as b (due, authorized, captured, refunded, charged_back, status);
