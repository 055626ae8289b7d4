-- setup: ten mugs on hand, four of them promised
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'session:ann');
delete from events.outbox_events;

-- case: units are taken away, with a movement that says why and who
select results_eq(
    $$select * from inventory.adjust_stock('MUG', -3, 2, 'Broken')$$,
    $$values ('MUG', 'MAIN', 7, 3::bigint)$$
);
select results_eq(
    $$
    select m.kind, m.on_hand_before, m.on_hand_delta, m.on_hand_after, m.reason, m.actor
    from inventory.inventory_movements as m
    where m.seq = 2
    $$,
    $$values ('adjustment', 10, -3, 7, 'Broken', 'staff:anna')$$
);
select results_eq(
    $$
    select e.event_type, e.payload -> 'on_hand_delta', e.payload -> 'available', e.actor
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    values
    ('stock.moved', '-3'::jsonb, null::jsonb, 'staff:anna'),
    ('stock.updated', null, '-3', 'staff:anna')
    $$
);

-- case: units are added
select is(a.on_hand, 15, 'fifteen')
from inventory.adjust_stock('MUG', 5, 2, 'Found') as a;
select is(s.available_stock, 11, 'eleven of them can be promised')
from inventory.stock_levels as s;

-- case: all that is not promised may go, nothing more
select throws_ok(
    $$select inventory.adjust_stock('MUG', -7, 2, 'Broken')$$, 'SHI06', null, 'one more'
);
select is(i.on_hand, 10, 'ten mugs, as before')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');
select is(a.on_hand, 4, 'the rest is promised')
from inventory.adjust_stock('MUG', -6, 2, 'Broken') as a;

-- case: it counts over all buckets
select inventory.split_buckets('MUG', 4);
select is(a.on_hand, 4, 'more than any one bucket has')
from inventory.adjust_stock('MUG', -6, 2, 'Broken') as a;
select is(sum(b.available), 0, 'nothing is left in them')
from inventory.stock_buckets as b;

-- case: another version than the one that is there is refused
select throws_ok(
    format($$select inventory.adjust_stock('MUG', 1, %s, 'Found')$$, b.version), 'SHC02', null,
    'version ' || b.version
)
from (values (0), (1), (3), (9223372036854775807)) as b (version);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: without a stock row only version 0 matches, and units can only come
select throws_ok(
    $$select inventory.adjust_stock('POT', 1, 1, 'Found')$$, 'SHI09', null, 'version 1'
);
select throws_ok(
    $$select inventory.adjust_stock('POT', -1, 0, 'Lost')$$, 'SHI09', null, 'nothing to take'
);
select is(count(*), 1, 'no row was opened')
from inventory.inventory;
select is(a.on_hand, 1, 'the first one')
from inventory.adjust_stock('POT', 1, 0, 'Found') as a;

-- case: the ceiling is refused
select throws_ok(
    format('select inventory.adjust_stock(%L, %s, 2, %L)', 'MUG', b.delta, 'Found'), 'SHI07', null,
    b.delta::text
)
from (values (9991), (2147483647)) as b (delta);
select throws_ok(
    $$select inventory.adjust_stock('MUG', -2147483648, 2, 'Lost')$$, 'SHI06', null, '-2147483648'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown SKU or location is refused
select throws_ok($$select inventory.adjust_stock('NONE', 1, 2, 'Found')$$, 'SHP01', null);
select throws_ok(
    $$select inventory.adjust_stock('MUG', 1, 2, 'Found', 'CELLAR')$$, 'SHI08', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed number, version or reason is refused
select throws_ok(
    format('select inventory.adjust_stock(%L, %L, %L, %L)', 'MUG', b.delta, b.version, b.reason),
    '22023', null, b.title
)
from (
    values
    (null, 2, 'Found', 'no number'),
    (0, 2, 'Found', 'zero'),
    (1, null, 'Found', 'no version'),
    (1, -1, 'Found', 'a version below zero'),
    (1, 2, null, 'no reason'),
    (1, 2, '', 'an empty reason'),
    (1, 2, repeat('r', 501), 'a reason of 501 characters')
) as b (delta, version, reason, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
select inventory.adjust_stock('MUG', 1, 2, 'Found', null, 'a1');
delete from events.outbox_events;
select results_eq(
    $$select * from inventory.adjust_stock('MUG', 1, 2, 'Found', null, 'a1')$$,
    $$values ('MUG', 'MAIN', 11, 3::bigint)$$
);
select is(i.on_hand, 11, 'added once')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused, and keys are not shared with set_stock
select inventory.adjust_stock('MUG', 1, 2, 'Found', null, 'a1');
delete from events.outbox_events;
select throws_ok(
    $$select inventory.adjust_stock('MUG', 2, 3, 'Found', null, 'a1')$$, 'SHC01', null
);
select throws_ok(
    $$select inventory.adjust_stock('MUG', 2, 3, 'Found', null, '')$$, '22023', null,
    'an empty key'
);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(
    $$select inventory.set_stock('MUG', 9, 3, 'Counted', null, 'a1')$$, 'another function'
);

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.adjust_stock('POT', 1, 1, 'Found', null, 'a2')$$, 'SHI09', null
);
select lives_ok($$select inventory.adjust_stock('POT', 1, 0, 'Found', null, 'a2')$$);
