-- setup: ten mugs in two buckets, four of them held
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.split_buckets('MUG', 2);
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 4}]', 'session:ann');
delete from events.outbox_events;

-- case: damaged units stay on hand and leave what can be promised
select results_eq(
    $$select * from inventory.record_damage('MUG', 5, 2, 2, 'Fell down')$$,
    $$values ('MUG', 'MAIN', 8, 3, 3::bigint)$$
);
select is(s.available_stock, 1, 'one is left') from inventory.stock_levels as s;
select results_eq(
    $$
    select m.kind, m.on_hand_delta, m.damaged_delta, m.reason, m.actor
    from inventory.movement_list as m where m.seq = 2
    $$,
    $$values ('damage', -2, 3, 'Fell down', 'staff:anna')$$
);
select results_eq(
    $$
    select e.event_type, e.payload -> 'available', e.payload -> 'on_hand'
    from events.outbox_events as e order by e.event_id
    $$,
    $$
    values ('stock.moved', null::jsonb, '8'::jsonb), ('stock.updated', '-5', '-2')
    $$
);
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: repaired units can be promised again, and damaged ones are thrown away
select inventory.record_damage('MUG', 6, 0, 2, 'Fell down');
select results_eq(
    $$select r.on_hand, r.damaged from inventory.record_damage('MUG', -2, 4, 3, 'Glued') as r$$,
    'values (6, 0)'
);
select is(s.available_stock, 2, 'two again') from inventory.stock_levels as s;
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: overdue holds make room
update inventory.inventory_reservations
set
    created_at = created_at - interval '10 minutes',
    expires_at = expires_at - interval '10 minutes';
select is(r.damaged, 9, 'nine')
from inventory.record_damage('MUG', 9, 0, 2, 'Fell down') as r;
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: promised units, and more than are damaged, are refused
select throws_ok(
    format('select inventory.record_damage(%L, %s, %s, 2, %L)', 'MUG', b.damaged, b.off, 'Fell'),
    b.code, null, b.damaged || '/' || b.off
)
from (
    values
    (7, 0, 'SHI06'),
    (2147483647, 0, 'SHI06'),
    (-1, 0, 'SHI27'),
    (0, 1, 'SHI27'),
    (1, 2, 'SHI27'),
    (-2147483648, 2147483647, 'SHI27')
) as b (damaged, off, code);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: another version, an unknown SKU or location, stock that is not there, and malformed numbers
select throws_ok(
    format(
        'select inventory.record_damage(%L, %L, %L, %L, %L, %L)', b.sku, b.damaged, b.off,
        b.version, b.reason, b.location
    ),
    b.code, null, b.title
)
from (
    values
    ('MUG', 1, 0, 1, 'Fell', null, 'SHC02', 'an old version'),
    ('NONE', 1, 0, 2, 'Fell', null, 'SHP01', 'a SKU'),
    ('MUG', 1, 0, 2, 'Fell', 'CELLAR', 'SHI08', 'a location'),
    ('POT', 1, 0, 0, 'Fell', null, 'SHI09', 'no stock'),
    ('MUG', 0, 0, 2, 'Fell', null, '22023', 'nothing'),
    ('MUG', null, 0, 2, 'Fell', null, '22023', 'null'),
    ('MUG', 1, null, 2, 'Fell', null, '22023', 'null'),
    ('MUG', 1, -1, 2, 'Fell', null, '22023', 'below 0'),
    ('MUG', 1, 0, null, 'Fell', null, '22023', 'no version'),
    ('MUG', 1, 0, 2, null, null, '22023', 'no reason'),
    ('MUG', 1, 0, 2, '', null, '22023', 'an empty reason')
) as b (sku, damaged, off, version, reason, location, code, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.record_damage('MUG', 1, 0, 2, 'Fell', null, 'd1');
delete from events.outbox_events;
select is(r.version, 3, 'once')
from inventory.record_damage('MUG', 1, 0, 2, 'Fell', null, 'd1') as r;
select throws_ok($$select inventory.record_damage('MUG', 2, 0, 3, 'Fell', null, 'd1')$$, 'SHC01');
select is_empty('table events.outbox_events', 'nothing was written');
