-- setup: two products, and five red mugs on hand
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 7.5, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
create temporary table first as
select
    r.sku,
    r.location,
    r.received,
    r.on_hand,
    r.version
from inventory.receive_stock('[{"sku": "RED", "quantity": 5}]', null, 'DN-1', 'r1') as r;
delete from events.outbox_events;

-- case: the first delivery opens the stock row with the limits in force
select results_eq(
    'table pg_temp.first',
    $$values ('RED', 'MAIN', 5, 5, 2::bigint)$$,
    'the answer'
);
select results_eq(
    $$
    select
        i.on_hand, i.damaged, i.max_on_hand, i.min_stock_level, i.last_seq,
        i.bucket_count::integer, i.version, i.last_updated_by
    from inventory.inventory as i
    $$,
    $$values (5, 0, 10000, 5, 1::bigint, 1, 2::bigint, 'staff:anna')$$,
    'the row'
);
select results_eq(
    $$
    select
        m.seq, m.prev_seq, m.kind, m.on_hand_before, m.on_hand_delta, m.on_hand_after,
        m.damaged_after, m.reason, m.reference, m.reservation_id, m.actor, m.request_id
    from inventory.inventory_movements as m
    $$,
    $$
    values (
        1::bigint, null::bigint, 'receipt', 0, 5, 5, 0, null, 'DN-1', null::bigint, 'staff:anna',
        'req-1'
    )
    $$,
    'its movement'
);
select results_eq(
    'select b.bucket::integer, b.available from inventory.stock_buckets as b',
    'values (0, 5)',
    'what can be promised'
);

-- case: a delivery adds to what is there, in order of the variants
select results_eq(
    $$
    select *
    from inventory.receive_stock(
        '[{"sku": "BLUE", "quantity": 3}, {"sku": "RED", "quantity": 2}]', 'MAIN'
    )
    $$,
    $$values ('BLUE', 'MAIN', 3, 3, 2::bigint), ('RED', 'MAIN', 2, 7, 3)$$
);

-- case: events say what moved, numbered by the movement, and what a call added
select inventory.receive_stock('[{"sku": "RED", "quantity": 2}, {"sku": "RED", "quantity": 1}]');
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id = v.variant_id, e.aggregate_seq,
        e.payload - 'variant_id' - 'location_id', e.actor, e.request_id
    from events.outbox_events as e
    cross join product.variants as v
    where v.sku = 'RED'
    order by e.event_id
    $$,
    $$
    values
    (
        'stock.moved', 'variant', true, 2::bigint,
        '{"kind": "receipt", "seq": 2, "on_hand_delta": 3, "on_hand": 8, "damaged_delta": 0,
        "damaged": 0, "version": 3}'::jsonb,
        'staff:anna', 'req-1'
    ),
    (
        'stock.updated', 'variant', true, null,
        '{"sku": "RED", "cause": "receive", "available": 3, "reserved": 0, "on_hand": 3}',
        'staff:anna', 'req-1'
    )
    $$,
    'lines of one SKU are one'
);

-- case: a named location gets the units
select inventory.receive_stock('[{"sku": "RED", "quantity": 2}]', 'TOWN');
select bag_eq(
    'select s.location, s.current_stock from inventory.stock_levels as s',
    $$values ('MAIN', 5), ('TOWN', 2)$$
);

-- case: a location that is closed takes deliveries, too
update inventory.locations set is_active = false where code = 'TOWN';
select lives_ok($$select inventory.receive_stock('[{"sku": "RED", "quantity": 2}]', 'TOWN')$$);

-- case: SKUs of any script are found, byte by byte
select product.import_products(jsonb_build_array(
    jsonb_build_object('sku', 'é', 'name', 'A', 'price', 1, 'currency', 'EUR'),
    jsonb_build_object('sku', 'e' || chr(769), 'name', 'B', 'price', 1, 'currency', 'EUR'),
    jsonb_build_object('sku', 'كوب 👩🏽‍💻 "''', 'name', 'C', 'price', 1, 'currency', 'EUR')
));
select is(r.received, 4, r.sku)
from inventory.receive_stock(jsonb_build_array(
    jsonb_build_object('sku', 'é', 'quantity', 4),
    jsonb_build_object('sku', 'كوب 👩🏽‍💻 "''', 'quantity', 4)
)) as r;
select throws_ok(
    format('select inventory.receive_stock(%L)', jsonb_build_array(
        jsonb_build_object('sku', 'e' || chr(769) || 'x', 'quantity', 4)
    )),
    'SHP01', null, 'another byte, another SKU'
);

-- case: an unknown SKU refuses the whole delivery
select throws_ok(
    format('select inventory.receive_stock(%L)', b.items), 'SHP01', null, b.items
)
from (
    values
    ('[{"sku": "RED", "quantity": 1}, {"sku": "GREEN", "quantity": 1}]'),
    ('[{"sku": "red", "quantity": 1}]'),
    ('[{"sku": "RED ", "quantity": 1}]'),
    ('[{"sku": "''; drop table x; --", "quantity": 1}]')
) as b (items);
select is(i.on_hand, 5, 'five red mugs, as before')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown location is refused
select throws_ok(
    format('select inventory.receive_stock(%L, %L)', '[{"sku": "RED", "quantity": 1}]', b.code),
    'SHI08', null, b.code
)
from (values ('CELLAR'), ('town'), ('')) as b (code);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the ceiling refuses the whole delivery
select throws_ok(
    $$
    select inventory.receive_stock(
        '[{"sku": "BLUE", "quantity": 1}, {"sku": "RED", "quantity": 9996}]'
    )
    $$,
    'SHI07', null
);
select lives_ok(
    $$select inventory.receive_stock('[{"sku": "RED", "quantity": 9995}]')$$, 'just up to it'
);
select results_eq(
    'select s.sku, s.current_stock from inventory.stock_levels as s',
    $$values ('RED', 10000)$$,
    'no blue mugs came in'
);

-- case: quantities that add up beyond any ceiling are refused, not cut off
select throws_ok(
    format('select inventory.receive_stock(%L)', (
        select jsonb_agg('{"sku": "RED", "quantity": 999999999}'::jsonb)
        from generate_series(1, 10000)
    )),
    'SHI07', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed items are refused
select throws_ok(
    format('select inventory.receive_stock(%L)', b.items), '22023', null, coalesce(b.items, 'null')
)
from (
    values
    (null),
    ('null'),
    ('{}'),
    ('[]'),
    ('[null]'),
    ('["RED"]'),
    ('[{}]'),
    ('[{"sku": "RED"}]'),
    ('[{"quantity": 1}]'),
    ('[{"sku": null, "quantity": 1}]'),
    ('[{"sku": 5, "quantity": 1}]'),
    ('[{"sku": "", "quantity": 1}]'),
    ('[{"sku": "RED", "quantity": null}]'),
    ('[{"sku": "RED", "quantity": 0}]'),
    ('[{"sku": "RED", "quantity": -1}]'),
    ('[{"sku": "RED", "quantity": 1.5}]'),
    ('[{"sku": "RED", "quantity": "1"}]'),
    ('[{"sku": "RED", "quantity": 2147483648}]'),
    ('[{"sku": "RED", "quantity": 1e15}]'),
    ('[{"sku": "RED", "quantity": 1, "price": 2}]'),
    ('[{"sku": "RED", "quantity": 1}, {"sku": "BLUE", "quantity": 0}]')
) as b (items);
select throws_ok(
    format('select inventory.receive_stock(%L)', (
        select jsonb_agg('{"sku": "RED", "quantity": 1}'::jsonb) from generate_series(1, 10001)
    )),
    '22023', null, '10,001 items'
);
select throws_ok(
    format('select inventory.receive_stock(%L, null, %L)', '[{"sku": "RED", "quantity": 1}]',
    repeat('r', 501)),
    '22023', null, 'a reference of 501 characters'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
select results_eq(
    $$select * from inventory.receive_stock('[{"quantity":5,"sku":"RED"}]', null, 'DN-1', 'r1')$$,
    'table pg_temp.first'
);
select is(i.on_hand, 5, 'five red mugs')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select throws_ok(
    format($$select inventory.receive_stock(%L, %L, %L, 'r1')$$, b.items, b.location, b.reference),
    'SHC01', null, b.title
)
from (
    values
    ('[{"sku": "RED", "quantity": 6}]', null, 'DN-1', 'another quantity'),
    ('[{"sku": "RED", "quantity": 5}]', 'MAIN', 'DN-1', 'another location'),
    ('[{"sku": "RED", "quantity": 5}]', null, 'DN-2', 'another reference')
) as b (items, location, reference, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.receive_stock('[{"sku": "RED", "quantity": 9996}]', null, null, 'r2')$$,
    'SHI07', null
);
select inventory.configure_stock('RED', 2, null, 20000);
select lives_ok(
    $$select inventory.receive_stock('[{"sku": "RED", "quantity": 9996}]', null, null, 'r2')$$
);
select throws_ok(
    $$select inventory.receive_stock('[{"sku": "RED", "quantity": 1}]', null, null, '')$$,
    '22023', null, 'an empty key'
);

-- case: with the ceiling off a row takes up to 999,999,999 units
select core.set_business_rule('on_hand_max', 0, 1, null, false);
select is(r.on_hand, 999999999, 'all of them')
from inventory.receive_stock('[{"sku": "BLUE", "quantity": 999999999}]') as r;
