-- setup: three holds, in two locations
select core.set_context('web', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 3}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]', 'TOWN');
create temporary table held as
select
    h.reservation,
    h.sku,
    h.location
from inventory.reserve_inventory(
    '[{"sku": "MUG", "quantity": 2}, {"sku": "POT", "quantity": 1}]', 'session:ann'
) as h
union all
select
    h.reservation,
    h.sku,
    h.location
from inventory.reserve_inventory(
    '[{"sku": "MUG", "quantity": 4}]', 'session:ann', 'TOWN'
) as h;
delete from events.outbox_events;

-- case: holds end, and their units are available again where they were
select bag_eq(
    $$
    select h.sku, h.location, r.quantity
    from inventory.release_reservations(
        (select array_agg(h.reservation) from pg_temp.held as h)
    ) as r
    inner join pg_temp.held as h on h.reservation = r.reservation
    $$,
    $$values ('MUG', 'MAIN', 2), ('POT', 'MAIN', 1), ('MUG', 'TOWN', 4)$$
);
select bag_eq(
    $$
    select
        r.status, r.slot is null as no_slot, r.open_quantity, r.seq, r.closed_at is not null as c,
        r.actor, count(*)
    from inventory.inventory_reservations as r
    group by 1, 2, 3, 4, 5, 6
    $$,
    $$values ('released', true, 0, 2, true, 'web', 3::bigint)$$
);
select bag_eq(
    'select s.sku, s.location, s.available_stock, s.version from inventory.stock_levels as s',
    $$
    values
    ('MUG', 'MAIN', 10::bigint, 2::bigint), ('MUG', 'TOWN', 5, 2), ('POT', 'MAIN', 3, 2)
    $$
);
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_seq, e.payload ->> 'sku' as sku,
        e.payload ->> 'available' as available, e.payload ->> 'reserved' as reserved,
        e.payload ->> 'on_hand' as on_hand, e.request_id
    from events.outbox_events as e
    $$,
    $$
    values
    ('reservation.released', 2::bigint, null, null, null, null, 'req-1'),
    ('reservation.released', 2, null, null, null, null, 'req-1'),
    ('reservation.released', 2, null, null, null, null, 'req-1'),
    ('stock.updated', null, 'MUG', '6', '-6', '0', 'req-1'),
    ('stock.updated', null, 'POT', '1', '-1', '0', 'req-1')
    $$,
    'an event a hold, and one a variant'
);

-- case: a hold past its expiry may still be released, as long as nobody has expired it
update inventory.inventory_reservations set expires_at = clock_timestamp();
select lives_ok(
    $$
    select inventory.release_reservations(
        array[(select h.reservation from pg_temp.held as h where h.sku = 'POT')]
    )
    $$
);
select inventory.cleanup_expired_reservations();
select throws_ok(
    $$
    select inventory.release_reservations(
        array[(select h.reservation from pg_temp.held as h where h.location = 'TOWN')]
    )
    $$,
    'SHI04', null, 'expired'
);
select bag_eq(
    'select s.sku, s.location, s.available_stock from inventory.stock_levels as s',
    $$values ('MUG', 'MAIN', 10::bigint), ('MUG', 'TOWN', 5), ('POT', 'MAIN', 3)$$,
    'the units came back once'
);

-- case: a hold that has ended is refused, and no other is released
select inventory.release_reservations(
    array[(select h.reservation from pg_temp.held as h where h.sku = 'POT')]
);
select inventory.commit_reservations(
    array[(select h.reservation from pg_temp.held as h where h.location = 'TOWN')]
);
delete from events.outbox_events;
select throws_ok(
    format(
        'select inventory.release_reservations(array_agg(h.reservation)) from held as h where %s',
        b.condition
    ),
    'SHI05', null, b.title
)
from (
    values
    ($$h.sku = 'POT'$$, 'released'),
    ($$h.location = 'TOWN'$$, 'consumed'),
    ('true', 'beside one that is active')
) as b (condition, title);
select is(count(*), 1, 'it is still active')
from inventory.inventory_reservations as r
where r.status = 'active';
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the units come back to the buckets that are there by then
select inventory.split_buckets('MUG', 4);
select inventory.release_reservations((select array_agg(h.reservation) from pg_temp.held as h));
select is(sum(b.available), 18, 'all of them')
from inventory.stock_buckets as b;
select is_empty(
    $$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$
);

-- case: an unknown handle refuses the whole call
select throws_ok(
    $$
    select inventory.release_reservations(array_agg(h.reservation) || '1-999999'::text)
    from pg_temp.held as h
    $$,
    'SHI03', null
);
select is(count(*), 3, 'all are still active')
from inventory.inventory_reservations as r
where r.status = 'active';
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed handles are refused
select throws_ok(
    format('select inventory.release_reservations(%L, %L)', b.handles, b.key), '22023', null,
    coalesce(b.handles, 'null') || coalesce(' with key ' || b.key, '')
)
from (
    values (null, null), (null, 'r1'), ('{}', 'r1'), ('{1}', null), ('{null}', 'r1'), ('{1-1}', '')
) as b (handles, key);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
create temporary table first as
select
    r.reservation,
    r.quantity
from inventory.release_reservations(
    (select array_agg(h.reservation) from pg_temp.held as h), 'r1'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select *
    from inventory.release_reservations(
        (select array_agg(h.reservation) from pg_temp.held as h), 'r1'
    )
    $$,
    'table pg_temp.first'
);
select is(sum(s.available_stock), 18, 'the units came back once')
from inventory.stock_levels as s;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.release_reservations(array[(select min(h.reservation) from held as h)], 'r1');
delete from events.outbox_events;
select throws_ok(
    $$
    select inventory.release_reservations(array[max(h.reservation)], 'r1')
    from pg_temp.held as h
    $$,
    'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(
    $$
    select inventory.commit_reservations(array[max(h.reservation)], 'r1')
    from pg_temp.held as h
    $$,
    'commit has keys of its own'
);

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok($$select inventory.release_reservations(array['1-999999'], 'r2')$$, 'SHI03', null);
select lives_ok(
    $$
    select inventory.release_reservations(array[max(h.reservation)], 'r2')
    from pg_temp.held as h
    $$
);
