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

-- case: head, history and event in one step
select results_eq(
    $$
    select (orders.change_status(o, 'cancelled', 'a reason')).status
    from orders.orders as o
    $$,
    $$values ('cancelled')$$
);
select bag_eq(
    'select h.seq, h.from_status, h.to_status, h.reason, h.actor, h.request_id'
    || ' from orders.order_status_history as h where h.seq > 1',
    $$values (2, 'pending', 'cancelled', 'a reason', 'staff:anna', 'req-1')$$
);
select ok(o.cancelled_at = h.created_at and o.status_seq = 2 and o.cancel_reason = 'a reason')
from orders.orders as o
inner join orders.order_status_history as h on h.order_id = o.order_id and h.seq = 2;
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload ->> 'from'
    from events.outbox_events as e
    $$,
    $$values ('order.cancelled', 2::bigint, 'pending')$$
);

-- case: an illegal one changes nothing
select throws_ok(
    format('select orders.change_status(o, %L, null) from orders.orders as o', b.status), 'SHO30',
    null, coalesce(b.status, 'null')
)
from (
    values ('pending'), ('processing'), ('shipped'), ('delivered'), ('completed'), ('lost'), (null)
) as b (status);
select is_empty('table events.outbox_events', 'nothing was written');
