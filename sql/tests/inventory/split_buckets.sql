-- setup: ten mugs, three of them promised
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'order:1');
delete from events.outbox_events;

-- case: what is available is spread evenly over more buckets
select results_eq(
    $$select * from inventory.split_buckets('MUG', 4)$$,
    $$values ('MUG', 'MAIN', 4, 7::bigint)$$
);
select results_eq(
    'select b.bucket::integer, b.available from inventory.stock_buckets as b order by 1',
    'values (0, 2), (1, 2), (2, 2), (3, 1)'
);
select results_eq(
    'select s.bucket_count::integer, s.available_stock, s.version from inventory.stock_levels as s',
    'values (4, 7::bigint, 2::bigint)',
    'the editor''s version is as it was'
);
select is_empty('table events.outbox_events', 'availability has not changed');

-- case: twice is once, and more buckets may follow
select inventory.split_buckets('MUG', 4);
select is(s.buckets, 4, 'four again')
from inventory.split_buckets('MUG', 4) as s;
select is(s.buckets, 64, 'the most')
from inventory.split_buckets('MUG', 64) as s;
select results_eq(
    $$
    select count(*), min(b.bucket)::integer, max(b.bucket)::integer, max(b.available),
    sum(b.available)
    from inventory.stock_buckets as b
    $$,
    'values (64::bigint, 0, 63, 1, 7::bigint)'
);

-- case: every function goes on working
select inventory.split_buckets('MUG', 16);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 11}]', 'session:ann');
select inventory.set_stock('MUG', 14, 3, 'Broken');
select is(s.available_stock, 0, 'fourteen there, fourteen promised')
from inventory.stock_levels as s;
select is_empty($$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$);

-- case: fewer buckets, or a number that is none, are refused
select inventory.split_buckets('MUG', 4);
select throws_ok(
    format('select inventory.split_buckets(%L, %L)', 'MUG', b.buckets), '22023', null,
    coalesce(b.buckets::text, 'null')
)
from (values (null), (0), (-1), (3), (65), (2147483647)) as b (buckets);
select is(count(*), 4, 'four, as before')
from inventory.stock_buckets;

-- case: what is not there is refused
select throws_ok($$select inventory.split_buckets('NONE', 4)$$, 'SHP01', null, 'a SKU');
select throws_ok($$select inventory.split_buckets(null, 4)$$, 'SHP01', null, 'no SKU');
select throws_ok(
    $$select inventory.split_buckets('MUG', 4, 'CELLAR')$$, 'SHI08', null, 'a location'
);
select throws_ok(
    $$select inventory.split_buckets('POT', 4)$$, 'SHI09', null, 'stock of the variant'
);
select throws_ok(
    $$select inventory.split_buckets('MUG', 4, 'TOWN')$$, 'SHI09', null, 'stock at the location'
);
