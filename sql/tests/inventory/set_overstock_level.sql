-- setup: ten mugs on hand
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
delete from events.outbox_events;

-- case: the level is set, told, and ended by a null
select results_eq(
    $$select * from inventory.set_overstock_level('MUG', 2, 9)$$,
    $$values ('MUG', 'MAIN', 9, 3::bigint)$$
);
select results_eq(
    $$
    select s.overstock_level, s.is_overstocked, s.version, s.last_updated_by
    from inventory.stock_levels as s
    $$,
    $$values (9, true, 3::bigint, 'staff:anna')$$
);
select is(
    e.payload - 'variant_id' - 'location_id',
    '{"sku": "MUG", "min_stock_level": 5, "max_on_hand": 10000, "overstock_level": 9,
    "version": 3}'::jsonb, e.event_type
)
from events.outbox_events as e;
select results_eq(
    $$select o.overstock_level, o.version from inventory.set_overstock_level('MUG', 3, null) as o$$,
    $$values (null::integer, 4::bigint)$$
);
select ok(not s.is_overstocked, 'nobody minds') from inventory.stock_levels as s;

-- case: a new stock row has the level of the rule
select core.set_business_rule('overstock_level', 50, 1, null, true);
select inventory.receive_stock('[{"sku": "POT", "quantity": 51}]');
select results_eq(
    $$
    select s.overstock_level, s.is_overstocked
    from inventory.stock_levels as s
    where s.sku = 'POT'
    $$,
    'values (50, true)'
);

-- case: another version, an unknown SKU or location, and stock that is not there are refused
select throws_ok(
    format('select inventory.set_overstock_level(%L, %s, 9, %L)', b.sku, b.version, b.location),
    b.code, null, b.code
)
from (
    values
    ('MUG', 1, null, 'SHC02'),
    ('MUG', 3, null, 'SHC02'),
    ('NONE', 2, null, 'SHP01'),
    ('MUG', 2, 'CELLAR', 'SHI08'),
    ('MUG', 2, 'TOWN', 'SHI09'),
    ('POT', 0, null, 'SHI09')
) as b (sku, version, location, code);
select throws_ok($$select inventory.set_overstock_level('MUG', 2, -1)$$, '22023', null, 'below 0');
select throws_ok($$select inventory.set_overstock_level('MUG', null, 1)$$, '22023', null, 'null');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.set_overstock_level('MUG', 2, 9, null, 'o1');
delete from events.outbox_events;
select is(o.version, 3, 'once') from inventory.set_overstock_level('MUG', 2, 9, null, 'o1') as o;
select throws_ok($$select inventory.set_overstock_level('MUG', 3, 8, null, 'o1')$$, 'SHC01');
select is_empty('table events.outbox_events', 'nothing was written');
