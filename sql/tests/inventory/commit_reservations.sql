-- setup: two holds
select core.set_context('web', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 3}]');
create temporary table held as
select
    h.reservation,
    h.sku
from inventory.reserve_inventory(
    '[{"sku": "MUG", "quantity": 2}, {"sku": "POT", "quantity": 1}]', 'session:ann'
) as h;
delete from events.outbox_events;

-- case: holds become sales: their units stay kept back, and no stock is touched
select bag_eq(
    $$
    select h.sku, c.quantity
    from inventory.commit_reservations(
        (select array_agg(h.reservation) from pg_temp.held as h)
    ) as c
    inner join pg_temp.held as h on h.reservation = c.reservation
    $$,
    $$values ('MUG', 2), ('POT', 1)$$
);
select bag_eq(
    $$
    select
        r.status, r.slot is null as no_slot, r.quantity, r.open_quantity, r.shipped_quantity,
        r.seq, r.closed_at is not null as is_closed, r.actor
    from inventory.inventory_reservations as r
    $$,
    $$
    values
    ('consumed', true, 2, 2, 0, 2, true, 'web'),
    ('consumed', true, 1, 1, 0, 2, true, 'web')
    $$
);
select bag_eq(
    $$
    select s.sku, s.current_stock, s.reserved_quantity, s.available_stock, s.version
    from inventory.stock_levels as s
    $$,
    $$values ('MUG', 10, 2::bigint, 8::bigint, 2::bigint), ('POT', 3, 1, 2, 2)$$
);
select bag_eq(
    'select e.event_type as type, e.aggregate_seq, e.request_id from events.outbox_events as e',
    $$
    values
    ('reservation.consumed', 2::bigint, 'req-1'), ('reservation.consumed', 2, 'req-1')
    $$,
    'availability has not changed, so there is no stock.updated'
);

-- case: a sale never expires
select inventory.commit_reservations((select array_agg(h.reservation) from pg_temp.held as h));
update inventory.inventory_reservations set expires_at = clock_timestamp() - interval '1 year';
delete from events.outbox_events;
select is_empty('select c.* from inventory.cleanup_expired_reservations() as c', 'for the sweeper');
select is(s.available_stock, 8, 'for the next buyer')
from inventory.stock_levels as s
where s.sku = 'MUG';
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 9}]', 'session:ben')$$,
    'SHI01', null
);

-- case: a hold that is past its expiry is refused, although nobody has expired it
update inventory.inventory_reservations as r
set expires_at = clock_timestamp()
where r.quantity = 1;
select throws_ok(
    $$select inventory.commit_reservations(array_agg(h.reservation)) from pg_temp.held as h$$,
    'SHI04', null
);
select is(count(*), 2, 'both are still active')
from inventory.inventory_reservations as r
where r.status = 'active';
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a hold that has ended is refused
select inventory.release_reservations(array[min(h.reservation)]) from pg_temp.held as h;
delete from events.outbox_events;
select throws_ok(
    $$select inventory.commit_reservations(array_agg(h.reservation)) from pg_temp.held as h$$,
    'SHI05', null, 'released'
);
select inventory.commit_reservations(array[max(h.reservation)]) from pg_temp.held as h;
delete from events.outbox_events;
select throws_ok(
    $$select inventory.commit_reservations(array[max(h.reservation)]) from pg_temp.held as h$$,
    'SHI05', null, 'consumed'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown handle refuses the whole call
select throws_ok(
    $$
    select inventory.commit_reservations(array_agg(h.reservation) || '1-999999'::text)
    from pg_temp.held as h
    $$,
    'SHI03', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed handles are refused
select throws_ok(
    format('select inventory.commit_reservations(%L, %L)', b.handles, b.key), '22023', null,
    coalesce(b.handles, 'null') || coalesce(' with key ' || b.key, '')
)
from (
    values (null, null), (null, 'c1'), ('{}', 'c1'), ('{1}', null), ('{null}', 'c1'), ('{1-1}', '')
) as b (handles, key);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
create temporary table first as
select
    c.reservation,
    c.quantity
from inventory.commit_reservations(
    (select array_agg(h.reservation) from pg_temp.held as h), 'c1'
) as c;
delete from events.outbox_events;
select results_eq(
    $$
    select *
    from inventory.commit_reservations(
        (select array_agg(h.reservation) from pg_temp.held as h), 'c1'
    )
    $$,
    'table pg_temp.first'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.commit_reservations(array[min(h.reservation)], 'c1') from pg_temp.held as h;
delete from events.outbox_events;
select throws_ok(
    $$select inventory.commit_reservations(array[max(h.reservation)], 'c1') from held as h$$,
    'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok($$select inventory.commit_reservations(array['1-999999'], 'c2')$$, 'SHI03', null);
select lives_ok(
    $$select inventory.commit_reservations(array[max(h.reservation)], 'c2') from pg_temp.held as h$$
);
