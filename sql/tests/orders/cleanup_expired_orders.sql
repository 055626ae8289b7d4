-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: overdue orders expire, with their holds; others stay
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
update orders.orders set expires_at = clock_timestamp() - interval '1 second'
where order_number = pg_temp.number();
delete from events.outbox_events;
select results_eq(
    $$
    select r.order_number = pg_temp.number(), r.status, r.error
    from orders.cleanup_expired_orders() as r
    $$,
    $$values (true, 'expired', null::text)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 8::bigint), ('POT', 5), ('JAR', 9)$$
);
select is(o.expired_at, h.created_at)
from orders.orders as o
inner join orders.order_status_history as h
    on h.order_id = o.order_id and h.to_status = 'expired';
select is(o.credit_total, 0.0000, 'it may come back as it was')
from orders.orders as o
where o.order_number = pg_temp.number();
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$
    values
    ('order.expired', 2::bigint), ('reservation.expired', 2), ('reservation.expired', 2),
    ('stock.updated', null), ('stock.updated', null)
    $$
);
select is_empty('select * from orders.cleanup_expired_orders()', 'all are ended');
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: in batches, the longest overdue first
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') from generate_series(1, 2);
update orders.orders set expires_at = clock_timestamp() - make_interval(secs => order_id);
select is(count(*), 2::bigint) from orders.cleanup_expired_orders(2);
select is(o.order_number, pg_temp.number(), 'the youngest is left')
from orders.orders as o
where o.status = 'pending';
select is(count(*), 1::bigint) from orders.cleanup_expired_orders(2);

-- case: a broken order harms no other
create temporary table other as
select pg_temp.place('[{"sku": "JAR", "quantity": 4}]') as number;
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
delete from inventory.stock_buckets as b
using product.variants as v
where v.variant_id = b.variant_id and v.sku = 'POT';
delete from events.outbox_events;
select bag_eq(
    $$
    select r.order_number = pg_temp.number(), r.status, left(r.error, 5)
    from orders.cleanup_expired_orders() as r
    $$,
    $$values (true, 'pending', 'P0002'), (false, 'expired', null)$$
);
select is(count(*), 1::bigint, 'it is as it was')
from orders.orders as o
where o.order_number = pg_temp.number() and o.status = 'pending';
select is(count(*), 2::bigint, 'with its holds')
from inventory.inventory_reservations as r
where r.status = 'active';

-- case: a broken history harms no other order
create temporary table other as
select pg_temp.place('[{"sku": "JAR", "quantity": 4}]') as number;
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
insert into orders.order_status_history (order_id, seq, from_status, to_status, actor, created_at)
select o.order_id, 2, 'pending', 'expired', 'test', clock_timestamp()
from orders.orders as o
where o.order_number = pg_temp.number();
select bag_eq(
    $$
    select r.order_number = pg_temp.number(), r.status, left(r.error, 5)
    from orders.cleanup_expired_orders() as r
    $$,
    $$values (true, 'pending', '23505'), (false, 'expired', null)$$
);

-- case: a payment under way keeps its order, for as long as it may take
select payment.begin_payment(pg_temp.number(), 'acme');
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select is_empty('select * from orders.cleanup_expired_orders()');
select ok(o.status = 'pending' and o.expires_at > clock_timestamp() + interval '10 minutes')
from orders.orders as o;
select is(count(*), 2::bigint, 'and its holds')
from inventory.inventory_reservations as r
where r.status = 'active' and r.expires_at > clock_timestamp() + interval '10 minutes';
select is(
    (
        select r.order_status
        from payment.payment_transactions as t
        cross join lateral payment.process_payment_authorization(
            t.public_id, 'approved', 'ref'
        ) as r
    ),
    'confirmed'
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: money that comes too late brings an order back to life, if its stock is there
select payment.begin_payment(pg_temp.number(), 'acme');
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select is(r.status, 'expired') from orders.cleanup_expired_orders() as r;
select results_eq(
    $$
    select r.order_status
    from payment.payment_transactions as t
    cross join lateral payment.process_payment_authorization(t.public_id, 'approved', 'ref') as r
    where t.kind = 'authorize'
    $$,
    $$values ('confirmed')$$
);
select ok(o.expired_at is not null and o.confirmed_at > o.expired_at) from orders.orders as o;
select is(r.status, 'shipped') from orders.ship_order(pg_temp.number()) as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: and does not, if somebody else has it; then the money goes back
select payment.begin_payment(pg_temp.number(), 'acme');
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select orders.cleanup_expired_orders();
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 5}]', 'session:fast');
select results_eq(
    $$
    select r.order_status
    from payment.payment_transactions as t
    cross join lateral payment.process_payment_authorization(t.public_id, 'approved', 'ref') as r
    where t.kind = 'authorize'
    $$,
    $$values ('expired')$$
);
select bag_eq(
    $$select t.status, t.amount from payment.payment_transactions as t where t.kind = 'void'$$,
    $$values ('pending', 83.0000::numeric)$$
);
select is(sum(r.open_quantity), 5::bigint, 'nothing of it is held')
from inventory.inventory_reservations as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: nor does it come back for somebody who has been forgotten: where would it be sent?
select payment.begin_payment(pg_temp.number(), 'acme');
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select orders.cleanup_expired_orders();
update orders.order_contacts set email = null, erased_at = clock_timestamp();
select results_eq(
    $$
    select r.order_status
    from payment.payment_transactions as t
    cross join lateral payment.process_payment_authorization(t.public_id, 'approved', 'ref') as r
    where t.kind = 'authorize'
    $$,
    $$values ('expired')$$
);
select bag_eq(
    $$select t.status, t.amount from payment.payment_transactions as t where t.kind = 'void'$$,
    $$values ('pending', 83.0000::numeric)$$
);
select is(sum(r.open_quantity), 0::bigint) from inventory.inventory_reservations as r;

-- case: what was paid meanwhile is not thrown away
insert into payment.payments (
    order_id, provider, currency, amount, authorized, phase, auth_expires_at, updated_by
)
select o.order_id, 'acme', 'EUR', 83, 83, 'authorized', clock_timestamp() + '1 day', 'test'
from orders.orders as o;
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select is(r.status, 'confirmed') from orders.cleanup_expired_orders() as r;

-- case: what is covered waits until nothing else is due, and then takes stock by itself
update core.business_rules set is_enabled = false where name = 'order_total_min';
create temporary table free as
select o.order_number as number
from generate_series(1, 2) as n
cross join lateral orders.place_order(
    'session:free-' || n, 'EUR', '[{"sku": "JAR", "quantity": 4}]',
    '{"discounts": [{"code": "FREE", "rate": 1}]}'
) as o;
update orders.orders set expires_at = clock_timestamp() - make_interval(secs => order_id);
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select inventory.release_reservations(array[r.reservation])
from inventory.reserve_inventory('[{"sku": "JAR", "quantity": 5}]', 'session:other') as r;
select results_eq(
    $$
    select r.order_number = pg_temp.number(), r.status
    from orders.cleanup_expired_orders() as r
    $$,
    $$values (true, 'expired')$$
);
select results_eq(
    $$
    select r.order_number in (select f.number from pg_temp.free as f), r.status
    from orders.cleanup_expired_orders() as r
    $$,
    $$values (true, 'confirmed')$$,
    'one a call'
);
select is(r.status, 'confirmed') from orders.cleanup_expired_orders() as r;
select is_empty('select * from orders.cleanup_expired_orders()');
select is(s.reserved_quantity, 8::bigint)
from inventory.stock_levels as s
where s.sku = 'JAR';
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: and is not kept waiting by an order that is broken
update core.business_rules set is_enabled = false where name = 'order_total_min';
select orders.place_order(
    'session:free', 'EUR', '[{"sku": "JAR", "quantity": 4}]',
    '{"discounts": [{"code": "FREE", "rate": 1}]}'
);
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
delete from inventory.stock_buckets as b
using product.variants as v
where v.variant_id = b.variant_id and v.sku = 'POT';
select results_eq(
    $$
    select r.order_number = pg_temp.number(), r.status, left(r.error, 5)
    from orders.cleanup_expired_orders() as r
    $$,
    $$values (true, 'pending', 'P0002'), (false, 'confirmed', null)$$
);

-- case: malformed limits are refused
select throws_ok(
    format('select orders.cleanup_expired_orders(%L)', b.orders), '22023', null,
    coalesce(b.orders::text, 'null')
)
from (values (0), (-1), (100001), (null)) as b (orders);
