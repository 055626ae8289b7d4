-- setup: ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "NEW", "name": "Never received", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "BLUE", "quantity": 10}, {"sku": "POT", "quantity": 3}
]');
delete from events.outbox_events;

-- case: each line becomes a hold, with its handle and expiry
create temporary table held as
select
    h.reservation,
    h.sku,
    h.location,
    h.quantity,
    h.expires_at
from inventory.reserve_inventory(
    '[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 1}]', 'session:ann'
) as h;
select bag_eq(
    'select h.sku, h.location, h.quantity from pg_temp.held as h',
    $$values ('RED', 'MAIN', 4), ('POT', 'MAIN', 1)$$
);
select bag_eq(
    $$
    select
        h.sku, r.owner, r.status, r.slot::integer, r.slot_limit::integer, r.quantity,
        r.open_quantity, r.shipped_quantity, r.seq, r.expires_at = h.expires_at as same,
        r.expires_at - r.created_at as lasts, r.actor
    from inventory.inventory_reservations as r
    inner join pg_temp.held as h on h.reservation = r.variant_id || '-' || r.reservation_id
    $$,
    $$
    values
    ('RED', 'session:ann', 'active', 1, 5, 4, 4, 0, 1, true, interval '5 minutes', 'web'),
    ('POT', 'session:ann', 'active', 1, 5, 1, 1, 0, 1, true, '5 minutes', 'web')
    $$
);
select bag_eq(
    $$
    select s.sku, s.current_stock, s.reserved_quantity, s.available_stock, s.version
    from inventory.stock_levels as s
    $$,
    $$
    values
    ('RED', 10, 4::bigint, 6::bigint, 2::bigint), ('BLUE', 10, 0, 10, 2), ('POT', 3, 1, 2, 2)
    $$,
    'on hand and version are as they were'
);

-- case: events say what was reserved, numbered by the hold, and what the call took
create temporary table held as
select h.reservation
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 4}]', 'session:ann') as h;
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.partition_key,
        e.payload - 'expires_at' as payload, e.actor, e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'reservation.created' as type, 'reservation' as aggregate, r.reservation_id,
        1::bigint as seq, 'reservation:' || r.reservation_id as key,
        jsonb_build_object(
            'reservation', h.reservation, 'variant_id', r.variant_id,
            'location_id', r.location_id, 'status', 'active', 'quantity', 4, 'open_quantity', 4,
            'shipped_quantity', 0
        ) as payload,
        'web' as actor, 'req-1' as request
    from inventory.inventory_reservations as r
    cross join pg_temp.held as h
    union all
    select
        'stock.updated', 'variant', r.variant_id, null, 'variant:' || r.variant_id,
        jsonb_build_object(
            'variant_id', r.variant_id, 'sku', 'RED', 'cause', 'reserve', 'available', -4,
            'reserved', 4, 'on_hand', 0
        ),
        'web', 'req-1'
    from inventory.inventory_reservations as r
    $$,
    'no event names the owner'
);

-- case: the last units may be taken, and then nothing is left
select is(h.quantity, 10, 'all of them')
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 10}]', 'session:ann') as h;
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ben')$$,
    'SHI01', null
);

-- case: lines of one SKU are one hold
select results_eq(
    $$
    select h.sku, h.quantity
    from inventory.reserve_inventory(
        '[{"sku": "RED", "quantity": 4}, {"sku": "RED", "quantity": 5}]', 'session:ann'
    ) as h
    $$,
    $$values ('RED', 9)$$
);
select throws_ok(
    $$
    select inventory.reserve_inventory(
        '[{"sku": "BLUE", "quantity": 6}, {"sku": "BLUE", "quantity": 5}]', 'session:ann'
    )
    $$,
    'SHI01', null, 'added up they are too many'
);

-- case: too many of one line refuse them all, and say what there is of each
select is(
    detail_of(
        $$
        select inventory.reserve_inventory(
            '[{"sku": "RED", "quantity": 1}, {"sku": "POT", "quantity": 4},
            {"sku": "NEW", "quantity": 1}]',
            'session:ann'
        )
        $$
    ),
    '{"error": "INSUFFICIENT_STOCK", "shortages": [
        {"sku": "NEW", "requested": 1, "available": 0},
        {"sku": "POT", "requested": 4, "available": 3}
    ]}'::jsonb
);
select is_empty('table inventory.inventory_reservations', 'no hold');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an owner holds a variant five times, not a sixth
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')
from generate_series(1, 5);
delete from events.outbox_events;
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'SHI02', null
);
select is_empty('table events.outbox_events', 'nothing was written');
select is(
    detail_of(
        $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$
    ),
    '{"error": "RESERVATION_LIMIT_REACHED", "sku": "RED", "limit": 5}'::jsonb
);
select throws_ok(
    $$
    select inventory.reserve_inventory(
        '[{"sku": "BLUE", "quantity": 1}, {"sku": "RED", "quantity": 1}]', 'session:ann'
    )
    $$,
    'SHI02', null, 'beside another line, too'
);
select lives_ok(
    format('select inventory.reserve_inventory(%L, %L)', g.items, g.owner), g.title
)
from (
    values
    ('[{"sku": "BLUE", "quantity": 1}]', 'session:ann', 'another variant'),
    ('[{"sku": "RED", "quantity": 1}]', 'session:ben', 'another owner')
) as g (items, owner, title);

-- case: a slot is free again when its hold is released, consumed or overdue
create temporary table held as
select h.reservation
from generate_series(1, 5) as g (n)
cross join lateral inventory.reserve_inventory(
    jsonb_build_array(jsonb_build_object('sku', 'RED', 'quantity', 1 + 0 * g.n)), 'session:ann'
) as h;
select inventory.release_reservations(array[(select min(h.reservation) from pg_temp.held as h)]);
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'released'
);
select inventory.commit_reservations(array[(select max(h.reservation) from pg_temp.held as h)]);
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'consumed'
);
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'SHI02', null, 'five again'
);
update inventory.inventory_reservations set expires_at = clock_timestamp() where status = 'active';
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'overdue'
);
select bag_eq(
    $$select r.status, count(*) from inventory.inventory_reservations as r group by r.status$$,
    $$values ('active', 1::bigint), ('consumed', 1), ('released', 1), ('expired', 5)$$,
    'the owner''s overdue holds were closed'
);

-- case: overdue holds of others are available, and are expired when they are needed
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 3}]', 'session:ben');
update inventory.inventory_reservations set expires_at = clock_timestamp();
delete from events.outbox_events;
select is(h.quantity, 2, 'two of the three')
from inventory.reserve_inventory('[{"sku": "POT", "quantity": 2}]', 'session:ann') as h;
select bag_eq(
    $$
    select r.owner, r.status, r.open_quantity, r.closed_at is not null as is_closed
    from inventory.inventory_reservations as r
    $$,
    $$values ('session:ben', 'expired', 0, true), ('session:ann', 'active', 2, false)$$
);
select is(s.available_stock, 1, 'the third can be promised')
from inventory.stock_levels as s
where s.sku = 'POT';
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_seq, e.payload -> 'available' as available,
        e.payload -> 'reserved' as reserved
    from events.outbox_events as e
    $$,
    $$
    values
    ('reservation.expired', 2::bigint, null::jsonb, null::jsonb),
    ('reservation.created', 1, null, null),
    ('stock.updated', null, '1', '-1')
    $$,
    'one event a variant: three came back, two were taken'
);

-- case: a quantity that no bucket covers alone is gathered from all
select inventory.split_buckets('RED', 8);
select is(h.quantity, 9, 'nine of ten')
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 9}]', 'session:ann') as h;
select is(sum(b.available), 1, 'one is left, in eight buckets')
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id
where v.sku = 'RED';
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 2}]', 'session:ann')$$,
    'SHI01', null
);
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann')$$,
    'whichever bucket it is in'
);

-- case: an unknown SKU is refused, by name
select throws_ok(
    format('select inventory.reserve_inventory(%L, %L)', b.items, 'session:ann'), 'SHP01', null,
    b.items
)
from (
    values
    ('[{"sku": "NONE", "quantity": 1}]'),
    ('[{"sku": "RED", "quantity": 1}, {"sku": "NONE", "quantity": 1}]'),
    ('[{"sku": "red", "quantity": 1}]'),
    ('[{"sku": " RED", "quantity": 1}]'),
    ('[{"sku": "''; drop table x; --", "quantity": 1}]'),
    ('[{"sku": "👩🏽‍💻", "quantity": 1}]')
) as b (items);
select is(
    detail_of(
        $$
        select inventory.reserve_inventory(
            '[{"sku": "RED", "quantity": 1}, {"sku": "NONE", "quantity": 1}]', 'session:ann'
        )
        $$
    ),
    '{"error": "PRODUCT_NOT_FOUND", "skus": ["NONE"]}'::jsonb
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: SKUs of any script are told apart byte by byte
select product.import_products(jsonb_build_array(
    jsonb_build_object('sku', 'é', 'name', 'A', 'price', 1, 'currency', 'EUR'),
    jsonb_build_object('sku', 'e' || chr(769), 'name', 'B', 'price', 1, 'currency', 'EUR'),
    jsonb_build_object('sku', 'كوب "''👩🏽‍💻', 'name', 'C', 'price', 1, 'currency', 'EUR')
));
select inventory.receive_stock(jsonb_build_array(
    jsonb_build_object('sku', 'é', 'quantity', 1),
    jsonb_build_object('sku', 'كوب "''👩🏽‍💻', 'quantity', 1)
));
select is(h.quantity, 1, h.sku)
from inventory.reserve_inventory(jsonb_build_array(
    jsonb_build_object('sku', 'é', 'quantity', 1),
    jsonb_build_object('sku', 'كوب "''👩🏽‍💻', 'quantity', 1)
), 'session:ann') as h;
select throws_ok(
    format(
        'select inventory.reserve_inventory(%L, %L)',
        jsonb_build_array(jsonb_build_object('sku', 'e' || chr(769), 'quantity', 1)), 'session:ann'
    ),
    'SHI01', null, 'the combining one was never received'
);

-- case: what is not for sale is refused
update product.variants set is_active = false where sku = 'RED';
update product.products set status = 'archived' where code = 'BLUE';
select throws_ok(
    format('select inventory.reserve_inventory(%L, %L)', b.items, 'session:ann'), 'SHP02', null,
    b.items
)
from (
    values
    ('[{"sku": "RED", "quantity": 1}]'),
    ('[{"sku": "BLUE", "quantity": 1}]'),
    ('[{"sku": "POT", "quantity": 1}, {"sku": "RED", "quantity": 1}]')
) as b (items);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed items are refused, naming the element
select throws_ok(
    format('select inventory.reserve_inventory(%L, %L)', b.items, 'session:ann'), '22023', null,
    coalesce(b.items, 'null')
)
from (
    values
    (null),
    ('null'),
    ('{}'),
    ('[]'),
    ('"RED"'),
    ('[null]'),
    ('[7]'),
    ('["sku"]'),
    ('[[]]'),
    ('[{}]'),
    ('[{"sku": "RED"}]'),
    ('[{"quantity": 1}]'),
    ('[{"sku": null, "quantity": 1}]'),
    ('[{"sku": 5, "quantity": 1}]'),
    ('[{"sku": "RED", "quantity": null}]'),
    ('[{"sku": "RED", "quantity": true}]'),
    ('[{"sku": "RED", "quantity": 0}]'),
    ('[{"sku": "RED", "quantity": -1}]'),
    ('[{"sku": "RED", "quantity": 1.5}]'),
    ('[{"sku": "RED", "quantity": 1.0}]'),
    ('[{"sku": "RED", "quantity": "1"}]'),
    ('[{"sku": "RED", "quantity": 1000000000}]'),
    ('[{"sku": "RED", "quantity": 2147483648}]'),
    ('[{"sku": "RED", "quantity": 1e15}]'),
    ('[{"sku": "RED", "quantity": 1, "price": 1}]')
) as b (items);
select is(
    detail_of(format(
        'select inventory.reserve_inventory(%L, %L)',
        jsonb_build_array('{"sku": "RED", "quantity": 1}'::jsonb, b.item), 'session:ann'
    )),
    jsonb_build_object(
        'error', 'INVALID_ARGUMENT', 'argument', 'p_items', 'item', 2, 'field', b.field,
        'expected', b.expected
    ),
    b.item::text
)
from (
    values
    ('{}'::jsonb, 'quantity', 'a whole number from 1 to 999999999'),
    ('{"sku": "BLUE"}', 'quantity', 'a whole number from 1 to 999999999'),
    ('{"quantity": 1}', 'sku', 'text of 1 to 500 characters without control characters'),
    ('{"sku": "BLUE", "quantity": 0}', 'quantity', 'a whole number from 1 to 999999999'),
    ('7', null, 'an object'),
    ('{"sku": "BLUE", "quantity": 1, "x": 1}', 'x', 'no such field; known are quantity, sku')
) as b (item, field, expected);
select throws_ok(
    format('select inventory.reserve_inventory(%L, %L)', (
        select jsonb_agg('{"sku": "RED", "quantity": 1}'::jsonb) from generate_series(1, 1001)
    ), 'session:ann'),
    '22023', null, '1,001 items'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a location may be named; an unknown one is refused, a closed one promises nothing
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "RED", "quantity": 2}]', 'TOWN');
select is(h.location, 'TOWN', 'from there')
from inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann', 'TOWN') as h;
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 2}]', 'order:1', 'TOWN')$$,
    'SHI01', null, 'not from elsewhere'
);
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'order:1', 'CELLAR')$$,
    'SHI08', null
);
update inventory.locations set is_active = false where code = 'TOWN';
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'order:1', 'TOWN')$$,
    'SHI01', null, 'closed'
);

-- case: a line of the same SKUs in any order is the same hold of each
select results_eq(
    $$
    select h.sku
    from inventory.reserve_inventory(
        '[{"sku": "RED", "quantity": 1}, {"sku": "BLUE", "quantity": 1}]', 'session:ann'
    ) as h
    $$,
    $$
    select h.sku
    from inventory.reserve_inventory(
        '[{"sku": "BLUE", "quantity": 1}, {"sku": "RED", "quantity": 1}]', 'session:ben'
    ) as h
    $$,
    'in order of the variants'
);

-- case: the same key and request get the stored answer, and nothing is done again
create temporary table first as
select
    h.reservation,
    h.sku,
    h.location,
    h.quantity,
    h.expires_at
from inventory.reserve_inventory(
    '[{"sku": "RED", "quantity": 10}, {"sku": "POT", "quantity": 3}]', 'session:ann', null, 'k1'
) as h;
delete from events.outbox_events;
select results_eq(
    $$
    select *
    from inventory.reserve_inventory(
        '[{"quantity": 10, "sku": "RED"}, {"sku": "POT", "quantity": 3}]', 'session:ann', null, 'k1'
    )
    $$,
    'table pg_temp.first',
    'although nothing is left by now'
);
select is(count(*), 2, 'two holds')
from inventory.inventory_reservations;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an answer of the slow path is stored, too
select inventory.split_buckets('RED', 8);
create temporary table first as
select h.reservation
from inventory.reserve_inventory(
    '[{"sku": "RED", "quantity": 9}]', 'session:ann', null, 'k1'
) as h;
select results_eq(
    $$
    select h.reservation
    from inventory.reserve_inventory(
        '[{"sku": "RED", "quantity": 9}]', 'session:ann', null, 'k1'
    ) as h
    $$,
    'table pg_temp.first'
);

-- case: the same key with another request is refused
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:ann', null, 'k1');
delete from events.outbox_events;
select throws_ok(
    format('select inventory.reserve_inventory(%L, %L, %L, %L)', b.items, 'session:ann', b.location,
    'k1'),
    'SHC01', null, b.title
)
from (
    values
    ('[{"sku": "RED", "quantity": 2}]', null, 'another quantity'),
    ('[{"sku": "BLUE", "quantity": 1}]', null, 'another SKU'),
    ('[{"sku": "RED", "quantity": 1}]', 'MAIN', 'another location')
) as b (items, location, title);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(
    $$
    select inventory.reserve_inventory(
        '[{"sku": "RED", "quantity": 2}]', 'session:ben', null, 'k1'
    )
    $$,
    'two owners may choose the same key'
);

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$
    select inventory.reserve_inventory(
        '[{"sku": "POT", "quantity": 4}]', 'session:ann', null, 'k2'
    )
    $$,
    'SHI01', null
);
select inventory.receive_stock('[{"sku": "POT", "quantity": 1}]');
select lives_ok(
    $$
    select inventory.reserve_inventory(
        '[{"sku": "POT", "quantity": 4}]', 'session:ann', null, 'k2'
    )
    $$
);
select throws_ok(
    format(
        'select inventory.reserve_inventory(%L, %L, null, %L)',
        '[{"sku": "RED", "quantity": 1}]', 'session:ann', b.key
    ),
    '22023', null, 'a key of ' || length(b.key) || ' characters'
)
from (values (''), (repeat('k', 256))) as b (key);

-- case: a thousand items are one call
select product.import_products((
    select jsonb_agg(jsonb_build_object(
        'sku', 'S' || g.n, 'name', 'N', 'price', 1, 'currency', 'EUR'
    ))
    from generate_series(1, 1000) as g (n)
));
select inventory.receive_stock((
    select jsonb_agg(jsonb_build_object('sku', 'S' || g.n, 'quantity', 2))
    from generate_series(1, 1000) as g (n)
));
select is(count(*), 1000, 'a hold each')
from inventory.reserve_inventory((
    select jsonb_agg(jsonb_build_object('sku', 'S' || g.n, 'quantity', 2))
    from generate_series(1, 1000) as g (n)
), 'order:1');

-- case: every invariant holds after all of this
select inventory.reserve_inventory(
    '[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 1}]', 'session:ann'
);
select inventory.split_buckets('RED', 3);
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 5}]', 'order:1');
update inventory.inventory_reservations set expires_at = clock_timestamp();
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 8}]', 'order:2');
select is_empty(
    $$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$
);
