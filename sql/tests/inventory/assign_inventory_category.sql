-- setup: two products in stock
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "CUP", "name": "Cup", "price": 7.5, "currency": "EUR"},
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 4}]');
delete from events.outbox_events;

-- case: stock is put into categories, in the order of the items
select results_eq(
    $$
    select *
    from inventory.assign_inventory_category(
        '[{"sku": "POT", "category": "A", "expected_version": 2}, {"sku": "MUG", "category": "C"}]'
    )
    $$,
    $$values ('POT', 'MAIN', 'A', 3::bigint), ('MUG', 'MAIN', 'C', 3)$$
);
select bag_eq(
    $$
    select e.event_type, e.aggregate_type, e.payload -> 'version', e.actor
    from events.outbox_events as e
    $$,
    $$
    values
    ('stock.categorized', 'variant', '3'::jsonb, 'staff:anna'),
    ('stock.categorized', 'variant', '3', 'staff:anna')
    $$
);
delete from events.outbox_events;
select is(a.version, 3, 'as it was')
from inventory.assign_inventory_category('[{"sku": "POT", "category": "A"}]') as a;
select is_empty('table events.outbox_events', 'nothing has changed');

-- case: what is unknown, stale or malformed is refused, all of it
select throws_ok(
    format('select inventory.assign_inventory_category(%L, %L)', b.items, b.location), b.code,
    null, coalesce(b.items, 'null')
)
from (
    values
    ('[{"sku": "MUG", "category": "A"}, {"sku": "POT", "category": "Z"}]', null, 'SHI22'),
    ('[{"sku": "MUG", "category": "A"}, {"sku": "NO", "category": "A"}]', null, 'SHP01'),
    ('[{"sku": "MUG", "category": "A"}, {"sku": "CUP", "category": "A"}]', null, 'SHI09'),
    ('[{"sku": "MUG", "category": "A"}]', 'CELLAR', 'SHI08'),
    ('[{"sku": "MUG", "category": "A"}, {"sku": "POT", "category": "A", "expected_version": 1}]',
    null, 'SHC02'),
    ('[{"sku": "MUG", "category": "A"}, {"sku": "MUG", "category": "B"}]', null, '22023'),
    ('[{"sku": "MUG"}]', null, '22023'),
    ('[]', null, '22023'),
    (null, null, '22023')
) as b (items, location, code);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.assign_inventory_category('[{"sku": "POT", "category": "A"}]', null, 'a1');
delete from events.outbox_events;
select is(a.version, 3, 'once')
from inventory.assign_inventory_category('[{"sku": "POT", "category": "A"}]', null, 'a1') as a;
select throws_ok(
    $$select inventory.assign_inventory_category('[{"sku": "POT", "category": "B"}]', null, 'a1')$$,
    'SHC01'
);
select is_empty('table events.outbox_events', 'nothing was written');
