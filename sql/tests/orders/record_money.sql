-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: what is covered is confirmed, what is captured is paid
select is(r.payment_status, 'unpaid')
from orders.record_money((select o.order_id from orders.orders as o)) as r;
select is_empty('table events.outbox_events', 'nothing has changed');
select is(pg_temp.pay(pg_temp.number(), 'captured'), 'confirmed');
select ok(o.payment_status = 'paid' and o.paid_at is not null) from orders.orders as o;
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e where e.aggregate_type = 'order'
    $$,
    $$values ('order.payment_changed', 3::bigint), ('order.confirmed', 2)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: paid_at is when it was paid, whatever comes later
select pg_temp.pay(pg_temp.number(), 'captured');
create temporary table before as select o.paid_at from orders.orders as o;
select orders.cancel_order(pg_temp.number(), '[{"sku": "POT"}]');
select is(o.paid_at, b.paid_at)
from orders.orders as o
cross join pg_temp.before as b;

-- case: a part of the money does not confirm
select is(r.order_status || ' ' || r.payment_status, 'pending partially_authorized')
from payment.begin_payment(pg_temp.number(), 'acme', null, 80) as b
cross join lateral payment.process_payment_authorization(b.transaction, 'approved', 'ref') as r;

-- case: holds that were taken are made anew
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select inventory.cleanup_expired_reservations();
select is(pg_temp.pay(pg_temp.number()), 'confirmed');
select bag_eq(
    $$
    select r.status, r.open_quantity
    from inventory.inventory_reservations as r where r.open_quantity > 0
    $$,
    $$values ('consumed', 4), ('consumed', 2)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: where they cannot be, the order is cancelled and the money goes back
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select inventory.cleanup_expired_reservations();
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 4}]', 'session:fast');
select is(pg_temp.pay(pg_temp.number(), 'captured'), 'cancelled');
select bag_eq(
    'select o.cancel_reason, o.credit_total from orders.orders as o',
    $$values ('out of stock', 83.0000::numeric)$$
);
select is(sum(r.amount), 83, 'once') from payment.refunds as r;
select is(sum(r.open_quantity), 4::bigint) from inventory.inventory_reservations as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what is no longer for sale cannot be had again
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select inventory.cleanup_expired_reservations();
update product.products set status = 'archived' where code = 'POT';
select is(pg_temp.pay(pg_temp.number()), 'cancelled');

-- case: late money revives an order only within what a user may have of a variant
select account.register_user('ann@example.com', 'Ann');
select cart.set_variant_limit('JAR', 4, 0);
create temporary table late as
select b.transaction, o.order_number
from account.users as u
cross join lateral orders.place_order(
    'user:' || u.user_id, 'EUR', '[{"sku": "JAR", "quantity": 3}, {"sku": "RED", "quantity": 1}]'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
update orders.orders as o set expires_at = clock_timestamp() - interval '1 second'
from late as l
where l.order_number = o.order_number;
select is(r.status, 'expired') from orders.cleanup_expired_orders() as r;
-- What is bought meanwhile leaves no room for it.
create temporary table meanwhile as
select o.order_number
from account.users as u
cross join lateral orders.place_order(
    'user:' || u.user_id, 'EUR', '[{"sku": "JAR", "quantity": 2}, {"sku": "RED", "quantity": 1}]'
) as o;
select is(r.order_status, 'expired', 'too many')
from late as l
cross join lateral payment.process_payment_authorization(l.transaction, 'approved', 'a') as r;
select bag_eq(
    $$select t.status from payment.payment_transactions as t where t.kind = 'void'$$,
    $$values ('pending')$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: and does so where there is room
select account.register_user('ann@example.com', 'Ann');
select cart.set_variant_limit('JAR', 4, 0);
create temporary table late as
select b.transaction, o.order_number
from account.users as u
cross join lateral orders.place_order(
    'user:' || u.user_id, 'EUR', '[{"sku": "JAR", "quantity": 4}]'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
update orders.orders as o set expires_at = clock_timestamp() - interval '1 second'
from late as l
where l.order_number = o.order_number;
select is(r.status, 'expired') from orders.cleanup_expired_orders() as r;
select is(r.order_status, 'confirmed')
from late as l
cross join lateral payment.process_payment_authorization(l.transaction, 'approved', 'a') as r;

-- case: an order that does not exist
select throws_ok('select orders.record_money(0)', 'SHO01', null);
