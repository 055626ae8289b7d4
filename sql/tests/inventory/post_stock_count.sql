-- setup: ten mugs, no pots on hand, and a stocktake
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table sheet as
select s.count_id as id from inventory.start_stock_count(null, 'Sheet 1') as s;
select inventory.record_stock_count(
    s.id, '[{"sku": "POT", "counted": 2}, {"sku": "MUG", "counted": 8}]'
)
from pg_temp.sheet as s;
delete from events.outbox_events;

-- case: the differences are posted, and the stocktake is closed
select results_eq(
    $$
    select p.*
    from pg_temp.sheet as s
    cross join lateral inventory.post_stock_count(s.id, 2) as p
    $$,
    $$values ('MUG', 10, 8, -2, 8, 3::bigint), ('POT', 0, 2, 2, 2, 2)$$
);
select bag_eq(
    $$
    select m.sku, m.on_hand_delta, m.reference, m.actor
    from inventory.movement_list as m where m.kind = 'count'
    $$,
    $$values ('MUG', -2, 'Sheet 1', 'staff:anna'), ('POT', 2, 'Sheet 1', 'staff:anna')$$
);
select results_eq(
    'select c.status, c.version, c.closed_at is not null from inventory.stock_counts as c',
    $$values ('posted', 3::bigint, true)$$
);
select is(n.status, 'posted', 'its lines, too') from inventory.stock_count_lines as n;
select bag_eq(
    'select e.event_type, e.actor from events.outbox_events as e',
    $$
    values
    ('stock_count.posted', 'staff:anna'), ('stock.opened', 'staff:anna'),
    ('stock.moved', 'staff:anna'), ('stock.moved', 'staff:anna'),
    ('stock.updated', 'staff:anna'), ('stock.updated', 'staff:anna')
    $$
);
select ok(i.counted_at is not null, 'counted') from inventory.inventory as i;
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: what came and went since does not spoil the difference
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'order:1');
select inventory.commit_reservations(array[r.reservation])
from inventory.reservation_list as r;
select inventory.ship_reservations(jsonb_build_array(jsonb_build_object(
    'reservation', r.reservation
)))
from inventory.reservation_list as r;
select is(p.on_hand, 10, 'ten and five, less three, less the two that were missing')
from pg_temp.sheet as s
cross join lateral inventory.post_stock_count(s.id, 2) as p
where p.sku = 'MUG';

-- case: what was corrected since has to be counted again
select inventory.adjust_stock('MUG', -2, 2, 'Broken');
delete from events.outbox_events;
select throws_ok(
    format('select inventory.post_stock_count(%s, 2)', s.id), 'SHI25', null
)
from pg_temp.sheet as s;
select is_empty('table events.outbox_events', 'nothing was written');
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 8}]') from pg_temp.sheet as s;
select is(p.difference, 0, 'all is well')
from pg_temp.sheet as s
cross join lateral inventory.post_stock_count(s.id, 3) as p
where p.sku = 'MUG';

-- case: units that are promised cannot be counted away, nor beyond the ceiling
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 9}]', 'session:ann');
delete from events.outbox_events;
select throws_ok(format('select inventory.post_stock_count(%s, 2)', s.id), 'SHI06', null)
from pg_temp.sheet as s;
update inventory.inventory_reservations
set
    created_at = created_at - interval '10 minutes',
    expires_at = expires_at - interval '10 minutes';
select lives_ok(format('select inventory.post_stock_count(%s, 2)', s.id), 'the hold has expired')
from pg_temp.sheet as s;
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: the ceiling is refused
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 10001}]')
from pg_temp.sheet as s;
select throws_ok(format('select inventory.post_stock_count(%s, 3)', s.id), 'SHI07', null)
from pg_temp.sheet as s;

-- case: another version, an unknown, empty or closed stocktake is refused
select throws_ok(
    format('select inventory.post_stock_count(%L, %L)', coalesce(b.id, s.id), b.version), b.code,
    null, b.title
)
from pg_temp.sheet as s
cross join (
    values
    (null, 1, 'SHC02', 'an old version'),
    (null, null, '22023', 'no version'),
    (-1, 1, 'SHI23', 'unknown')
) as b (id, version, code, title);
select throws_ok(format('select inventory.post_stock_count(%s, 1)', o.count_id), '22023', null)
from inventory.start_stock_count() as o;
select inventory.post_stock_count(s.id, 2) from pg_temp.sheet as s;
select throws_ok(format('select inventory.post_stock_count(%s, 3)', s.id), 'SHI24', null)
from pg_temp.sheet as s;

-- case: the same key and request get the stored answer; another request is refused
select inventory.post_stock_count(s.id, 2, 'p1') from pg_temp.sheet as s;
delete from events.outbox_events;
select is(sum(p.difference), 0, 'once')
from pg_temp.sheet as s
cross join lateral inventory.post_stock_count(s.id, 2, 'p1') as p;
select throws_ok(format($$select inventory.post_stock_count(%s, 3, 'p1')$$, s.id), 'SHC01')
from pg_temp.sheet as s;
select is_empty('table events.outbox_events', 'nothing was written');
