-- setup: ten mugs on hand
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
delete from events.outbox_events;

-- case: both limits are set against the version that was read
select results_eq(
    $$select * from inventory.configure_stock('MUG', 2, 20, 500)$$,
    $$values ('MUG', 'MAIN', 20, 500, 3::bigint)$$
);
select results_eq(
    $$
    select s.min_stock_level, s.max_on_hand, s.is_low_stock, s.version, s.last_updated_by
    from inventory.stock_levels as s
    $$,
    $$values (20, 500, true, 3::bigint, 'staff:anna')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.payload - 'variant_id' - 'location_id', e.actor
    from events.outbox_events as e
    $$,
    $$
    values (
        'stock.configured', 'variant',
        '{"sku": "MUG", "min_stock_level": 20, "max_on_hand": 500, "overstock_level": null,
        "version": 3}'::jsonb,
        'staff:anna'
    )
    $$
);

-- case: each bucket is told its share of the low-stock level, also after a split and a merge
select inventory.split_buckets('MUG', 4);
select inventory.configure_stock('MUG', 2, 21);
select results_eq(
    'select b.low_mark, b.is_low from inventory.stock_buckets as b order by b.bucket',
    'values (5, true), (5, true), (5, true), (5, true)'
);
select inventory.split_buckets('MUG', 8);
select is(b.low_mark, 2, 'a share of eight') from inventory.stock_buckets as b;
select inventory.merge_buckets('MUG');
select results_eq(
    'select b.low_mark, b.is_low from inventory.stock_buckets as b', 'values (21, true)'
);
select inventory.configure_stock('MUG', 3, 9);
select results_eq(
    'select b.low_mark, b.is_low from inventory.stock_buckets as b', 'values (9, false)'
);

-- case: a null keeps what is there, and zero is a limit
select results_eq(
    $$select c.min_stock_level, c.max_on_hand from inventory.configure_stock('MUG', 2, 0) as c$$,
    'values (0, 10000)'
);
select results_eq(
    $$
    select c.min_stock_level, c.max_on_hand
    from inventory.configure_stock('MUG', 3, null, 2147483647) as c
    $$,
    'values (0, 2147483647)'
);

-- case: the ceiling may come down to what is on hand, not below
select throws_ok($$select inventory.configure_stock('MUG', 2, null, 9)$$, 'SHI07', null);
select is_empty('table events.outbox_events', 'nothing was written');
select is(c.max_on_hand, 10, 'what is on hand')
from inventory.configure_stock('MUG', 2, null, 10) as c;

-- case: another version than the one that is there is refused
select throws_ok(
    format('select inventory.configure_stock(%L, %s, 1)', 'MUG', b.version), 'SHC02', null,
    'version ' || b.version
)
from (values (0), (1), (3)) as b (version);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not there is refused
select throws_ok($$select inventory.configure_stock('NONE', 2, 1)$$, 'SHP01', null, 'a SKU');
select throws_ok(
    $$select inventory.configure_stock('MUG', 2, 1, null, 'CELLAR')$$, 'SHI08', null, 'a location'
);
select throws_ok(
    $$select inventory.configure_stock('POT', 0, 1)$$, 'SHI09', null, 'stock of the variant'
);
select throws_ok(
    $$select inventory.configure_stock('MUG', 2, 1, null, 'TOWN')$$, 'SHI09', null,
    'stock at the location'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed limits are refused
select throws_ok(
    format('select inventory.configure_stock(%L, %L, %L, %L)', 'MUG', b.version, b.low, b.ceiling),
    '22023', null, b.title
)
from (
    values
    (2, null, null, 'no limit at all'),
    (null, 1, 1, 'no version'),
    (2, -1, null, 'a low-stock level below zero'),
    (2, 5, -1, 'a ceiling below zero')
) as b (version, low, ceiling, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.configure_stock('MUG', 2, 7, null, null, 'c1');
delete from events.outbox_events;
select results_eq(
    $$select * from inventory.configure_stock('MUG', 2, 7, null, null, 'c1')$$,
    $$values ('MUG', 'MAIN', 7, 10000, 3::bigint)$$
);
select throws_ok(
    $$select inventory.configure_stock('MUG', 2, 8, null, null, 'c1')$$, 'SHC01', null
);
select throws_ok(
    $$select inventory.configure_stock('MUG', 3, 8, null, null, '')$$, '22023', null, 'an empty key'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.configure_stock('POT', 2, 7, null, null, 'c2')$$, 'SHI09', null
);
select inventory.receive_stock('[{"sku": "POT", "quantity": 1}]');
select lives_ok($$select inventory.configure_stock('POT', 2, 7, null, null, 'c2')$$);
