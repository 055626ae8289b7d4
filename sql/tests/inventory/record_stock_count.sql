-- setup: ten mugs, no pots on hand, and a stocktake
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table sheet as
select s.count_id as id from inventory.start_stock_count(null, 'Sheet 1') as s;
delete from events.outbox_events;

-- case: what was counted is written beside what the books say
select results_eq(
    $$
    select r.*
    from pg_temp.sheet as s
    cross join lateral inventory.record_stock_count(
        s.id, '[{"sku": "POT", "counted": 2}, {"sku": "MUG", "counted": 8}]'
    ) as r
    $$,
    $$values ('MUG', 10, 8, -2, 2::bigint), ('POT', 0, 2, 2, 2)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload -> 'lines', e.actor
    from events.outbox_events as e
    $$,
    $$values ('stock_count.recorded', 2::bigint, '2'::jsonb, 'staff:anna')$$
);
select is(i.on_hand, 10, 'the books are as they were') from inventory.inventory as i;
select is(n.counted_by, 'staff:anna', 'the actor') from inventory.stock_count_lines as n;

-- case: a SKU that is counted again replaces its line
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 8}]') from pg_temp.sheet as s;
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]');
select results_eq(
    $$
    select r.expected, r.counted, r.difference, r.version
    from pg_temp.sheet as s
    cross join lateral inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 15}]') as r
    $$,
    'values (15, 15, 0, 3::bigint)'
);
select is(count(*), 1, 'one line') from inventory.stock_count_lines;

-- case: a SKU is in one open stocktake of a location, but may be in those of others
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 8}]') from pg_temp.sheet as s;
select throws_ok(
    format(
        $$select inventory.record_stock_count(%s, '[{"sku": "POT", "counted": 1},
        {"sku": "MUG", "counted": 8}]')$$,
        o.count_id
    ),
    'SHI26', null
)
from inventory.start_stock_count() as o;
select inventory.create_location('TOWN', 'Shop in town', 2);
select lives_ok(
    format(
        $$select inventory.record_stock_count(%s, '[{"sku": "MUG", "counted": 8}]')$$, o.count_id
    ),
    'elsewhere'
)
from inventory.start_stock_count('TOWN') as o;

-- case: a stocktake that is closed or unknown is refused
select inventory.cancel_stock_count(s.id, 1) from pg_temp.sheet as s;
delete from events.outbox_events;
select throws_ok(
    format($$select inventory.record_stock_count(%s, '[{"sku": "MUG", "counted": 8}]')$$, s.id),
    'SHI24', null
)
from pg_temp.sheet as s;
select throws_ok(
    $$select inventory.record_stock_count(-1, '[{"sku": "MUG", "counted": 8}]')$$, 'SHI23', null
);
select throws_ok(
    $$select inventory.record_stock_count(null, '[{"sku": "MUG", "counted": 8}]')$$, 'SHI23', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed items are refused, all of them
select throws_ok(
    format('select inventory.record_stock_count(%s, %L)', s.id, b.items), b.code, null,
    coalesce(b.items, 'null')
)
from pg_temp.sheet as s
cross join (
    values
    (null, '22023'),
    ('[]', '22023'),
    ('[{"sku": "MUG"}]', '22023'),
    ('[{"sku": "MUG", "counted": -1}]', '22023'),
    ('[{"sku": "MUG", "counted": 1.5}]', '22023'),
    ('[{"sku": "MUG", "counted": 1}, {"sku": "MUG", "counted": 2}]', '22023'),
    ('[{"sku": "MUG", "counted": 1}, {"sku": "NONE", "counted": 2}]', 'SHP01')
) as b (items, code);
select is_empty('table events.outbox_events', 'nothing was written');
select is_empty('table inventory.stock_count_lines', 'no line');

-- case: the same key and request get the stored answer; another request is refused
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 8}]', 'r1')
from pg_temp.sheet as s;
delete from events.outbox_events;
select is(r.version, 2, 'once')
from pg_temp.sheet as s
cross join lateral inventory.record_stock_count(
    s.id, '[{"sku": "MUG", "counted": 8}]', 'r1'
) as r;
select throws_ok(
    format(
        $$select inventory.record_stock_count(%s, '[{"sku": "MUG", "counted": 9}]', 'r1')$$, s.id
    ),
    'SHC01'
)
from pg_temp.sheet as s;
select is_empty('table events.outbox_events', 'nothing was written');
