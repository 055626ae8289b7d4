-- setup: ten mugs on hand, four of them promised
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'session:ann');
delete from events.outbox_events;

-- case: the units are set, with a movement that says why and who
select results_eq(
    $$select * from inventory.set_stock('MUG', 12, 2, 'Two were behind the shelf')$$,
    $$values ('MUG', 'MAIN', 12, 3::bigint)$$
);
select results_eq(
    $$
    select
        m.seq, m.prev_seq, m.kind, m.on_hand_before, m.on_hand_delta, m.on_hand_after, m.reason,
        m.actor, m.request_id
    from inventory.inventory_movements as m
    where m.seq > 1
    $$,
    $$
    values (
        2::bigint, 1::bigint, 'adjustment', 10, 2, 12, 'Two were behind the shelf', 'staff:anna',
        'req-1'
    )
    $$
);
select results_eq(
    $$
    select s.current_stock, s.reserved_quantity, s.available_stock, s.version, s.last_updated_by
    from inventory.stock_levels as s
    $$,
    $$values (12, 4::bigint, 8::bigint, 3::bigint, 'staff:anna')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload - 'variant_id' - 'location_id'
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    values
    (
        'stock.moved', 2::bigint,
        '{"kind": "adjustment", "seq": 2, "on_hand_delta": 2, "on_hand": 12, "damaged_delta": 0,
        "damaged": 0, "version": 3}'::jsonb
    ),
    (
        'stock.updated', null,
        '{"sku": "MUG", "cause": "adjust", "available": 2, "reserved": 0, "on_hand": 2}'
    )
    $$
);

-- case: it may go down to what is promised, not below
select is(s.on_hand, 4, 'what is promised')
from inventory.set_stock('MUG', 4, 2, 'Broken') as s;
select throws_ok(
    $$select inventory.set_stock('MUG', 3, 3, 'Broken')$$, 'SHI06', null, 'one less'
);
select is(s.available_stock, 0, 'nothing else can be promised')
from inventory.stock_levels as s;

-- case: of two editors who saw the same version one wins
select inventory.set_stock('MUG', 9, 2, 'First');
delete from events.outbox_events;
select throws_ok(
    $$select inventory.set_stock('MUG', 11, 2, 'Second')$$, 'SHC02', null, 'the second one'
);
select is(i.on_hand, 9, 'what the first one wrote')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: reservations do not take the editor's version away
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ben');
select lives_ok($$select inventory.set_stock('MUG', 9, 2, 'Counted')$$);

-- case: the first units of a variant need version 0
select throws_ok($$select inventory.set_stock('POT', 5, 1, 'Found')$$, 'SHI09', null, 'version 1');
select is(s.version, 2, 'version 0')
from inventory.set_stock('POT', 5, 0, 'Found') as s;
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    array['stock.opened', 'stock.moved', 'stock.updated']
);
select throws_ok(
    $$select inventory.set_stock('POT', 6, 0, 'Found')$$, 'SHC02', null, 'version 0 again'
);

-- case: version 0 matches once, also when there is nothing to set
select inventory.set_stock('POT', 0, 0, 'None here');
select throws_ok($$select inventory.set_stock('POT', 5, 0, 'Found')$$, 'SHC02', null);

-- case: setting what is there already changes nothing
select is(s.version, 2, 'the same version')
from inventory.set_stock('MUG', 10, 2, 'Counted') as s;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: overdue holds make room, and are expired
update inventory.inventory_reservations set expires_at = clock_timestamp();
select is(s.on_hand, 2, 'less than was promised')
from inventory.set_stock('MUG', 2, 2, 'Broken') as s;
select results_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('expired', 0)$$
);
select results_eq(
    $$
    select e.event_type, e.payload - 'variant_id'
    from events.outbox_events as e
    where e.event_type = 'stock.updated'
    $$,
    $$
    values (
        'stock.updated',
        '{"sku": "MUG", "cause": "adjust", "available": -4, "reserved": -4, "on_hand": -8}'::jsonb
    )
    $$
);

-- case: a location may be named, and has its own version
select inventory.set_stock('MUG', 3, 0, 'Moved', 'TOWN');
select bag_eq(
    'select s.location, s.current_stock, s.version from inventory.stock_levels as s',
    $$values ('MAIN', 10, 2::bigint), ('TOWN', 3, 2)$$
);

-- case: the ceiling is refused, and what is just below it is not
select throws_ok(
    format('select inventory.set_stock(%L, %s, 2, %L)', 'MUG', b.on_hand, 'Counted'), 'SHI07', null,
    b.on_hand::text
)
from (values (10001), (2147483647)) as b (on_hand);
select is(i.on_hand, 10, 'ten mugs, as before')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select inventory.set_stock('MUG', 10000, 2, 'Counted')$$, 'the ceiling');

-- case: an unknown SKU or location is refused
select throws_ok(
    format('select inventory.set_stock(%L, 5, 2, %L)', b.sku, 'Counted'), 'SHP01', null,
    coalesce(b.sku, 'null')
)
from (values ('NONE'), ('mug'), ('MUG '), (''), (null)) as b (sku);
select throws_ok(
    $$select inventory.set_stock('MUG', 5, 2, 'Counted', 'CELLAR')$$, 'SHI08', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed number, version or reason is refused
select throws_ok(
    format('select inventory.set_stock(%L, %L, %L, %L)', 'MUG', b.on_hand, b.version, b.reason),
    '22023', null, b.title
)
from (
    values
    (null, 2, 'Counted', 'no number'),
    (-1, 2, 'Counted', 'less than nothing'),
    (5, null, 'Counted', 'no version'),
    (5, -1, 'Counted', 'a version below zero'),
    (5, 2, null, 'no reason'),
    (5, 2, '', 'an empty reason'),
    (5, 2, repeat('r', 501), 'a reason of 501 characters')
) as b (on_hand, version, reason, title);
select throws_ok(
    $$select inventory.set_stock('MUG', 2147483648, 2, 'Counted')$$, '42883', null,
    'more than an integer holds'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a reason of any script is kept
select inventory.set_stock('MUG', 9, 2, 'Zerbrochen é 👩🏽‍💻 مكسور''; --');
select is(m.reason, 'Zerbrochen é 👩🏽‍💻 مكسور''; --', 'as it was sent')
from inventory.movement_list as m
where m.seq = 2;

-- case: the same key and request get the stored answer, and nothing is done again
select inventory.set_stock('MUG', 12, 2, 'Counted', null, 's1');
select inventory.set_stock('MUG', 11, 3, 'Counted');
delete from events.outbox_events;
select results_eq(
    $$select * from inventory.set_stock('MUG', 12, 2, 'Counted', null, 's1')$$,
    $$values ('MUG', 'MAIN', 12, 3::bigint)$$
);
select is(i.on_hand, 11, 'eleven, as set since')
from inventory.inventory as i;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.set_stock('MUG', 12, 2, 'Counted', null, 's1');
delete from events.outbox_events;
select throws_ok(
    $$select inventory.set_stock('MUG', 12, 3, 'Counted', null, 's1')$$, 'SHC01', null
);
select throws_ok(
    $$select inventory.set_stock('MUG', 12, 3, 'Counted', null, '')$$, '22023', null,
    'an empty key'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.set_stock('POT', 5, 1, 'Found', null, 's2')$$, 'SHI09', null
);
select lives_ok($$select inventory.set_stock('POT', 5, 0, 'Found', null, 's2')$$);
