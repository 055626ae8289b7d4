-- setup: a user whose five pending orders are past their expiry
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 10}, {"sku": "POT", "quantity": 10}]');
create temporary table ann as
select 'user:' || u.user_id as owner, u.user_id
from account.register_user('ann@example.com', 'Ann') as u;
create function pg_temp.place_two(p_sku text)
returns text
language sql
as $function$
    select o.status
    from pg_temp.ann as a
    cross join lateral orders.place_order(
        a.owner, 'EUR', jsonb_build_array(jsonb_build_object('sku', p_sku, 'quantity', 2))
    ) as o;
$function$;
select pg_temp.place_two('RED') from generate_series(1, 5);
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
delete from events.outbox_events;

-- case: they end, and leave what they hold to whoever needs it
select is(pg_temp.place_two('POT'), 'pending');
select results_eq(
    'select o.status, o.pending_slot is null from orders.orders as o order by o.order_id',
    $$
    values
    ('expired', true), ('expired', true), ('expired', true), ('expired', true),
    ('expired', true), ('pending', false)
    $$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 10::bigint), ('POT', 8)$$
);
select is(b.available, 0::bigint, 'no stock of theirs was touched')
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id
where v.sku = 'RED';
select is(count(*), 5::bigint)
from events.outbox_events as e
where e.event_type = 'reservation.lapsed';
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);
select is(sum(c.reservations), 5::bigint, 'the sweeper finds them')
from inventory.cleanup_expired_reservations() as c;

-- case: buyers take it
select orders.free_pending_slots(a.user_id) from pg_temp.ann as a;
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 10}]', 'session:fast')$$
);

-- case: a late payment finds it there
update orders.orders set expires_at = clock_timestamp() + interval '1 hour';
create temporary table step as
select b.transaction
from (select o.order_number from orders.orders as o order by o.order_id limit 1) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select orders.free_pending_slots(a.user_id) from pg_temp.ann as a;
delete from events.outbox_events;
select is(r.order_status, 'confirmed')
from pg_temp.step as s
cross join lateral payment.process_payment_authorization(s.transaction, 'captured', 'ref') as r;
select is(count(*), 0::bigint, 'nothing had to be reserved again')
from events.outbox_events as e
where e.event_type = 'reservation.created';

-- case: holds that are overdue already are left as they are
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 second';
select ok(orders.free_pending_slots(a.user_id)) from pg_temp.ann as a;
select bag_eq(
    'select e.event_type, count(*) from events.outbox_events as e group by e.event_type',
    $$values ('order.expired', 5::bigint)$$
);
select ok(not orders.free_pending_slots(a.user_id), 'there is none any more')
from pg_temp.ann as a;

-- case: one with a payment under way stays, and those of others
update orders.orders set expires_at = clock_timestamp() + interval '1 hour';
select payment.begin_payment(o.order_number, 'acme')
from orders.orders as o
order by o.order_id
limit 1;
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 2}]');
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select ok(orders.free_pending_slots(a.user_id)) from pg_temp.ann as a;
select results_eq(
    'select o.status, count(*) from orders.orders as o group by o.status order by o.status',
    $$values ('expired', 4::bigint), ('pending', 2)$$
);
