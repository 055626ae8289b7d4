-- setup: two variants with overdue holds, and holds that are not overdue
select core.set_context('sweeper', 'req-1');
select product.import_products('[
    {"sku": "A", "name": "A", "price": 1, "currency": "EUR"},
    {"sku": "B", "name": "B", "price": 1, "currency": "EUR"},
    {"sku": "C", "name": "C", "price": 1, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "A", "quantity": 10}, {"sku": "B", "quantity": 10}, {"sku": "C", "quantity": 10}
]');
select inventory.reserve_inventory('[{"sku": "A", "quantity": 2}]', 'order:1')
from generate_series(1, 3);
select inventory.reserve_inventory('[{"sku": "C", "quantity": 5}]', 'session:ann');
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 minute';
select inventory.reserve_inventory('[{"sku": "B", "quantity": 4}]', 'session:ann');
select inventory.reserve_inventory('[{"sku": "C", "quantity": 1}]', 'session:ben');
delete from events.outbox_events;

-- case: overdue holds end and their units come back, a row a variant
select results_eq(
    $$
    select v.sku, c.reservations, c.units, c.error
    from inventory.cleanup_expired_reservations() as c
    inner join product.variants as v on v.variant_id = c.variant_id
    $$,
    $$values ('A', 3, 6::bigint, null), ('C', 1, 5, null)$$
);
select bag_eq(
    $$
    select r.status, r.open_quantity, r.actor, r.seq, count(*)
    from inventory.inventory_reservations as r
    where r.status <> 'active'
    group by 1, 2, 3, 4
    $$,
    $$values ('expired', 0, 'sweeper', 2, 4::bigint)$$
);
select results_eq(
    $$
    select s.sku, sum(b.available), s.reserved_quantity
    from inventory.stock_levels as s
    inner join inventory.stock_buckets as b on b.variant_id = s.variant_id
    group by s.sku, s.reserved_quantity
    order by s.sku
    $$,
    $$values ('A', 10::bigint, 0::bigint), ('B', 6, 4), ('C', 9, 1)$$
);
select bag_eq(
    $$
    select
        e.event_type as type, e.payload ->> 'sku' as sku, e.payload ->> 'available' as available,
        e.payload ->> 'cause' as cause, e.request_id, count(*)
    from events.outbox_events as e
    group by 1, 2, 3, 4, 5
    $$,
    $$
    values
    ('reservation.expired', null, null, null, 'req-1', 4::bigint),
    ('stock.updated', 'A', '6', 'expire', 'req-1', 1),
    ('stock.updated', 'C', '5', 'expire', 'req-1', 1)
    $$
);

-- case: a batch ends at the limit, the oldest hold of a variant first, and the next one goes on
update inventory.inventory_reservations as r
set expires_at = r.expires_at - interval '1 hour'
where r.reservation_id = (
    select max(s.reservation_id)
    from inventory.inventory_reservations as s
    where s.owner = 'order:1'
);
select is(c.reservations, 1, 'one')
from inventory.cleanup_expired_reservations(1) as c;
select results_eq(
    $$
    select r.reservation_id
    from inventory.inventory_reservations as r
    where r.status = 'expired'
    $$,
    $$
    select max(s.reservation_id)
    from inventory.inventory_reservations as s
    where s.owner = 'order:1'
    $$,
    'the oldest'
);
select is(sum(c.reservations), 3, 'the rest')
from inventory.cleanup_expired_reservations(3) as c;
select is_empty('select c.* from inventory.cleanup_expired_reservations(3) as c', 'all are done');

-- case: with nothing overdue it does nothing
select inventory.cleanup_expired_reservations();
delete from events.outbox_events;
select is_empty('select c.* from inventory.cleanup_expired_reservations() as c');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a variant that is broken is reported, and harms no other
alter table inventory.inventory_reservations add constraint broken
check (status <> 'expired' or quantity <> 2) not valid;
select results_eq(
    $$
    select v.sku, c.reservations, c.units, left(c.error, 6)
    from inventory.cleanup_expired_reservations() as c
    inner join product.variants as v on v.variant_id = c.variant_id
    $$,
    $$values ('A', 0, 0::bigint, '23514:'), ('C', 1, 5, null)$$
);

-- case: a malformed limit is refused
select throws_ok(
    format('select inventory.cleanup_expired_reservations(%L)', b.size), '22023', null,
    coalesce(b.size::text, 'null')
)
from (values (null), (0), (-1), (100001), (2147483647)) as b (size);
select is(count(*), 6, 'all are still active')
from inventory.inventory_reservations as r
where r.status = 'active';
select is_empty('table events.outbox_events', 'nothing was written');
