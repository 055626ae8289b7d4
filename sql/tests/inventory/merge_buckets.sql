-- setup: ten mugs in eight buckets, three of them promised
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.split_buckets('MUG', 8);
create temporary table held as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'order:1') as h;
delete from events.outbox_events;

-- case: what is available is gathered in one bucket
select results_eq(
    $$select * from inventory.merge_buckets('MUG')$$,
    $$values ('MUG', 'MAIN', 1, 7::bigint)$$
);
select results_eq(
    'select b.bucket::integer, b.available from inventory.stock_buckets as b', 'values (0, 7)'
);
select is_empty('table events.outbox_events', 'availability has not changed');
select is(m.buckets, 1, 'twice is once')
from inventory.merge_buckets('MUG') as m;

-- case: it may be gathered in some
select inventory.merge_buckets('MUG', 3);
select results_eq(
    'select b.bucket::integer, b.available from inventory.stock_buckets as b order by 1',
    'values (0, 3), (1, 2), (2, 2)'
);

-- case: what was promised before comes back to the buckets that are left
select inventory.merge_buckets('MUG', 2);
select inventory.release_reservations(array_agg(h.reservation)) from pg_temp.held as h;
select is(sum(b.available), 10, 'all ten')
from inventory.stock_buckets as b;
select is_empty($$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$);

-- case: more buckets, or a number that is none, are refused
select throws_ok(
    format('select inventory.merge_buckets(%L, %L)', 'MUG', b.buckets), '22023', null,
    coalesce(b.buckets::text, 'null')
)
from (values (null), (0), (-1), (9), (65)) as b (buckets);
select is(count(*), 8, 'eight, as before')
from inventory.stock_buckets;

-- case: what is not there is refused
select throws_ok($$select inventory.merge_buckets('NONE')$$, 'SHP01', null, 'a SKU');
select throws_ok(
    $$select inventory.merge_buckets('MUG', 1, 'CELLAR')$$, 'SHI08', null, 'a location'
);
select throws_ok($$select inventory.merge_buckets('POT')$$, 'SHI09', null, 'stock of the variant');
select throws_ok(
    $$select inventory.merge_buckets('MUG', 1, 'TOWN')$$, 'SHI09', null, 'stock at the location'
);
