-- setup: ten of A, of which four are promised, ten of B, none of C
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "A", "name": "A", "price": 1, "currency": "EUR"},
    {"sku": "B", "name": "B", "price": 1, "currency": "EUR"},
    {"sku": "C", "name": "C", "price": 1, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "A", "quantity": 10}, {"sku": "B", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "A", "quantity": 4}]', 'session:ann');
delete from events.outbox_events;

-- case: each count is posted as one movement, also where nothing differs
select results_eq(
    $$
    select b.item, b.sku, b.outcome, b.on_hand_before, b.on_hand, b.version, b.error, b.detail
    from inventory.bulk_update_stock(
        '[{"sku": "B", "on_hand": 12}, {"sku": "A", "on_hand": 10}, {"sku": "C", "on_hand": 0}]',
        null, 'Sheet 7'
    ) as b
    $$,
    $$
    values
    (1, 'B', 'counted', 10, 12, 3::bigint, null, null::jsonb),
    (2, 'A', 'counted', 10, 10, 3, null, null),
    (3, 'C', 'counted', 0, 0, 2, null, null)
    $$
);
select bag_eq(
    $$
    select
        m.sku, m.seq, m.kind, m.on_hand_delta, m.on_hand_after, m.reference, m.actor, m.request_id
    from inventory.movement_list as m
    where m.kind = 'count'
    $$,
    $$
    values
    ('A', 2::bigint, 'count', 0, 10, 'Sheet 7', 'staff:anna', 'req-1'),
    ('B', 2, 'count', 2, 12, 'Sheet 7', 'staff:anna', 'req-1'),
    ('C', 1, 'count', 0, 0, 'Sheet 7', 'staff:anna', 'req-1')
    $$
);
select bag_eq(
    'select s.sku, s.current_stock, s.available_stock from inventory.stock_levels as s',
    $$values ('A', 10, 6::bigint), ('B', 12, 12), ('C', 0, 0)$$
);

-- case: events say what moved, and what the call changed of each variant
select inventory.bulk_update_stock('[{"sku": "B", "on_hand": 12}, {"sku": "A", "on_hand": 7}]');
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_seq, v.sku, e.payload ->> 'on_hand_delta' as moved,
        e.payload ->> 'cause' as cause, e.payload ->> 'available' as available,
        e.payload ->> 'on_hand' as on_hand
    from events.outbox_events as e
    inner join product.variants as v on v.variant_id = e.aggregate_id
    $$,
    $$
    values
    ('stock.moved', 2::bigint, 'A', '-3', null, null, '7'),
    ('stock.moved', 2, 'B', '2', null, null, '12'),
    ('stock.updated', null, 'A', null, 'count', '-3', '-3'),
    ('stock.updated', null, 'B', null, 'count', '2', '2')
    $$
);

-- case: a refused item harms no other, and each names what is wrong
select results_eq(
    $$
    select b.item, b.sku, b.outcome, b.on_hand, b.error, b.detail
    from inventory.bulk_update_stock('[
        {"sku": "B", "on_hand": 9},
        {"sku": "NONE", "on_hand": 1},
        {"sku": "A", "on_hand": 3},
        {"sku": "C", "on_hand": 10001},
        {"sku": "B", "on_hand": 8}
    ]') as b
    $$,
    $$
    values
    (1, 'B', 'counted', 9, null, null::jsonb),
    (2, 'NONE', 'refused', null, 'PRODUCT_NOT_FOUND', null),
    (3, 'A', 'refused', null, 'STOCK_IS_HELD',
    '{"on_hand": 10, "requested": 3, "damaged": 0, "held": 4}'),
    (4, 'C', 'refused', null, 'STOCK_CEILING_EXCEEDED',
    '{"on_hand": 0, "requested": 10001, "max_on_hand": 10000}'),
    (5, 'B', 'refused', null, 'INVALID_ARGUMENT',
    '{"field": "sku", "expected": "each SKU once in a call"}')
    $$
);
select bag_eq(
    'select s.sku, s.current_stock from inventory.stock_levels as s',
    $$values ('A', 10), ('B', 9)$$,
    'a refused item leaves nothing behind'
);
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    array['stock.moved', 'stock.updated'],
    'events of the accepted item alone'
);

-- case: an expected version is compared, where it is given
select results_eq(
    $$
    select b.sku, b.outcome, b.version, b.error, b.detail ->> 'version'
    from inventory.bulk_update_stock('[
        {"sku": "A", "on_hand": 9, "expected_version": 1},
        {"sku": "B", "on_hand": 9, "expected_version": 2},
        {"sku": "C", "on_hand": 9, "expected_version": 0}
    ]') as b
    $$,
    $$
    values
    ('A', 'refused', null::bigint, 'CONCURRENT_MODIFICATION', '2'),
    ('B', 'counted', 3, null, null),
    ('C', 'counted', 2, null, null)
    $$
);
select results_eq(
    $$
    select b.outcome, b.error
    from inventory.bulk_update_stock('[{"sku": "C", "on_hand": 9, "expected_version": 0}]') as b
    $$,
    $$values ('refused', 'CONCURRENT_MODIFICATION')$$,
    'version 0 matches no more'
);
select results_eq(
    $$
    select b.outcome, b.error
    from inventory.bulk_update_stock(
        '[{"sku": "A", "on_hand": 9, "expected_version": 5}]', 'TOWN'
    ) as b
    $$,
    $$values ('refused', 'STOCK_NOT_FOUND')$$,
    'no version matches where there is no stock row'
);
select is(count(*), 3, 'and none was opened')
from inventory.inventory;

-- case: overdue holds make room, also for an item that is refused all the same
update inventory.inventory_reservations set expires_at = clock_timestamp();
select inventory.reserve_inventory('[{"sku": "A", "quantity": 5}]', 'session:ben');
delete from events.outbox_events;
select results_eq(
    $$
    select b.outcome, b.error, b.detail ->> 'held'
    from inventory.bulk_update_stock('[{"sku": "A", "on_hand": 4}]') as b
    $$,
    $$values ('refused', 'STOCK_IS_HELD', '5')$$
);
select is(s.available_stock, 5, 'what was overdue is free')
from inventory.stock_levels as s
where s.sku = 'A';
select bag_eq(
    'select r.owner, r.status from inventory.inventory_reservations as r',
    $$values ('session:ann', 'expired'), ('session:ben', 'active')$$
);
select bag_eq(
    $$
    select
        e.event_type as type, e.payload ->> 'available' as available,
        e.payload ->> 'reserved' as reserved, e.payload ->> 'on_hand' as on_hand
    from events.outbox_events as e
    $$,
    $$values ('reservation.expired', null, null, null), ('stock.updated', '4', '-4', '0')$$,
    'and the events say so'
);

-- case: a malformed item is refused, naming the field
select results_eq(
    $$
    select b.item, b.error, b.detail ->> 'field'
    from inventory.bulk_update_stock('[
        7, null, [], {}, {"sku": "A"}, {"on_hand": 1}, {"sku": "A", "on_hand": -1},
        {"sku": "A", "on_hand": 1.5}, {"sku": "A", "on_hand": "1"}, {"sku": "A", "on_hand": null},
        {"sku": "A", "on_hand": 2147483648}, {"sku": "A", "on_hand": 1e15},
        {"sku": "", "on_hand": 1}, {"sku": 5, "on_hand": 1},
        {"sku": "A", "on_hand": 1, "expected_version": -1},
        {"sku": "A", "on_hand": 1, "expected_version": null},
        {"sku": "A", "on_hand": 1, "counted_by": "Ben"}
    ]') as b
    $$,
    $$
    select n.item::integer, 'INVALID_ARGUMENT', n.field
    from unnest(array[
        null, null, null, 'on_hand', 'on_hand', 'sku', 'on_hand', 'on_hand', 'on_hand', 'on_hand',
        'on_hand', 'on_hand', 'sku', 'sku', 'expected_version', 'expected_version', 'counted_by'
    ]) with ordinality as n (field, item)
    $$
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a thousand counts are one call
select product.import_products((
    select jsonb_agg(jsonb_build_object(
        'sku', 'S' || g.n, 'name', 'N', 'price', 1, 'currency', 'EUR'
    ))
    from generate_series(1, 1000) as g (n)
));
select results_eq(
    $$
    select b.outcome, count(*), min(b.item), max(b.item)
    from inventory.bulk_update_stock((
        select jsonb_agg(jsonb_build_object('sku', 'S' || g.n, 'on_hand', g.n))
        from generate_series(1, 1000) as g (n)
    )) as b
    group by b.outcome
    $$,
    $$values ('counted', 1000::bigint, 1, 1000)$$
);
select is(sum(s.current_stock), 500520, 'all of them are there, A and B too')
from inventory.stock_levels as s;

-- case: a location may be named; an unknown one refuses the call
select inventory.bulk_update_stock('[{"sku": "A", "on_hand": 3}]', 'TOWN');
select bag_eq(
    $$select s.location, s.current_stock from inventory.stock_levels as s where s.sku = 'A'$$,
    $$values ('MAIN', 10), ('TOWN', 3)$$
);
select throws_ok(
    $$select inventory.bulk_update_stock('[{"sku": "A", "on_hand": 3}]', 'CELLAR')$$, 'SHI08', null
);

-- case: what is no array of 1 to 10,000 elements is refused
select throws_ok(
    format('select inventory.bulk_update_stock(%L)', b.items), '22023', null,
    coalesce(b.items, 'null')
)
from (values (null), ('null'), ('[]'), ('{}'), ('"A"')) as b (items);
select throws_ok(
    $$
    select inventory.bulk_update_stock((select jsonb_agg(n) from generate_series(1, 10001) as n))
    $$,
    '22023', null, '10,001 items'
);
select throws_ok(
    format('select inventory.bulk_update_stock(%L, null, %L)', '[{"sku": "A", "on_hand": 3}]',
    repeat('r', 501)),
    '22023', null, 'a reference of 501 characters'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, refusals too
create temporary table first as
select
    b.item,
    b.outcome,
    b.version,
    b.error,
    b.detail
from inventory.bulk_update_stock(
    '[{"sku": "A", "on_hand": 3}, {"sku": "B", "on_hand": 3}]', null, null, 'b1'
) as b;
select inventory.set_stock('B', 8, 3, 'Found');
delete from events.outbox_events;
select results_eq(
    $$
    select b.item, b.outcome, b.version, b.error, b.detail
    from inventory.bulk_update_stock(
        '[{"sku": "A", "on_hand": 3}, {"sku": "B", "on_hand": 3}]', null, null, 'b1'
    ) as b
    $$,
    'table pg_temp.first'
);
select is(s.current_stock, 8, 'eight, as set since')
from inventory.stock_levels as s
where s.sku = 'B';
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.bulk_update_stock('[{"sku": "B", "on_hand": 3}]', null, null, 'b1');
delete from events.outbox_events;
select throws_ok(
    format($$select inventory.bulk_update_stock(%L, %L, %L, 'b1')$$, b.items, b.location, b.sheet),
    'SHC01', null, b.title
)
from (
    values
    ('[{"sku": "B", "on_hand": 4}]', null, null, 'another number'),
    ('[{"sku": "B", "on_hand": 3}]', 'MAIN', null, 'another location'),
    ('[{"sku": "B", "on_hand": 3}]', null, 'Sheet', 'another reference')
) as b (items, location, sheet, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refused call stores no key, so that the same key may succeed later
select throws_ok($$select inventory.bulk_update_stock('[]', null, null, 'b2')$$, '22023', null);
select lives_ok(
    $$select inventory.bulk_update_stock('[{"sku": "B", "on_hand": 3}]', null, null, 'b2')$$
);
select throws_ok(
    $$select inventory.bulk_update_stock('[{"sku": "B", "on_hand": 3}]', null, null, '')$$,
    '22023', null, 'an empty key'
);
