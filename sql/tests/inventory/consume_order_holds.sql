-- setup: an order of nine mugs, four of them held by the cart before; others took those four
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 9}]');
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 4}]', 'session:s');
create temporary table placed as
select o.order_number, o.order_id, b.transaction
from orders.place_order(
    'session:s', 'EUR', '[{"sku": "RED", "quantity": 9}]', '{"email": "ann@example.com"}'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
-- The four are due for longer, so that they are the ones that go.
update inventory.inventory_reservations as r
set expires_at = clock_timestamp() - interval '10 seconds' + make_interval(secs => r.open_quantity);
create temporary table fast as
select r.reservation
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 4}]', 'session:fast') as r;
create function pg_temp.pay()
returns text
language sql
as $function$
    select r.order_status
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(
        p.transaction, 'captured', 'ref'
    ) as r;
$function$;

-- case: what is missing is reserved again, beside what is still held
select inventory.release_reservations(array[f.reservation]) from pg_temp.fast as f;
select is(pg_temp.pay(), 'confirmed');
select bag_eq(
    $$
    select r.status, r.open_quantity
    from inventory.inventory_reservations as r
    where r.open_quantity > 0
    $$,
    $$values ('consumed', 4), ('consumed', 5)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what the order still holds, overdue as it is, does not stand in for what it has lost
select is(pg_temp.pay(), 'cancelled', 'nobody has four more');
select is(r.amount, 67.5, 'the money goes back')
from payment.refunds as r;
select is(s.available_stock, 5::bigint)
from inventory.stock_levels as s;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: nor does it for an order that has expired in the meantime
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select is(r.status, 'expired') from orders.cleanup_expired_orders() as r;
select is(pg_temp.pay(), 'expired');
select is(s.available_stock, 5::bigint)
from inventory.stock_levels as s;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);
