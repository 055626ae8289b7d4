-- setup: an order that was paid
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

-- case: drawn from the oldest holds, as far as they go
create temporary table drawn as
select inventory.draw_order_holds(
    o.order_id, array[v.variant_id], array[3], null
) as items
from orders.orders as o
cross join product.variants as v
where v.sku = 'RED';
select is(sum(i.quantity), 3::bigint)
from pg_temp.drawn as d
cross join jsonb_to_recordset(d.items) as i (quantity integer);
select is(inventory.location_of(d.items), 'MAIN') from pg_temp.drawn as d;

-- case: from one place, or from several
select inventory.create_location('TOWN', 'Town', 2);
select inventory.receive_stock('[{"sku": "RED", "quantity": 20}]', 'TOWN');
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 20}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
insert into inventory.inventory_reservations (
    variant_id, location_id, owner, status, quantity, open_quantity, expires_at, created_at,
    closed_at, actor
)
select
    r.variant_id, r.location_id, r.owner, r.status, 5, 5, r.expires_at, r.created_at, r.closed_at,
    r.actor
from inventory.inventory_reservations as r
inner join product.variants as v on v.variant_id = r.variant_id and v.sku = 'RED'
inner join orders.orders as o
    on 'order:' || o.order_id = r.owner and o.order_number = pg_temp.number();
select is(
    inventory.location_of(inventory.draw_order_holds(
        o.order_id, array[v.variant_id], array[20], null
    )),
    'TOWN'
)
from orders.orders as o
inner join pg_temp.other as t on t.number = o.order_number
cross join product.variants as v
where v.sku = 'RED';
select is(jsonb_array_length(inventory.draw_order_holds(
    o.order_id, array[v.variant_id, v.variant_id], array[4, 2], l.location_id
)), 2, 'two elements of a variant are added up, and two holds give')
from orders.orders as o
cross join product.variants as v
cross join inventory.locations as l
where v.sku = 'RED' and o.order_number = pg_temp.number() and l.code = 'MAIN';
select throws_ok(
    $$
    select inventory.draw_order_holds(o.order_id, array[v.variant_id], array[20], 0)
    from orders.orders as o
    cross join product.variants as v
    where v.sku = 'RED'
    $$,
    'SHI01', null
);
