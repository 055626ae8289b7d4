-- setup: ten mugs, no pots on hand, and a stocktake
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table sheet as
select s.count_id as id from inventory.start_stock_count(null, 'Sheet 1') as s;
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 8}]') from pg_temp.sheet as s;
delete from events.outbox_events;

-- case: nothing is posted, and the SKUs may be counted elsewhere
select results_eq(
    $$
    select c.status, c.version
    from pg_temp.sheet as s
    cross join lateral inventory.cancel_stock_count(s.id, 2) as c
    $$,
    $$values ('cancelled', 3::bigint)$$
);
select is(i.on_hand, 10, 'as it was') from inventory.inventory as i;
select results_eq(
    'select e.event_type, e.aggregate_seq, e.actor from events.outbox_events as e',
    $$values ('stock_count.cancelled', 3::bigint, 'staff:anna')$$
);
select lives_ok(
    format(
        $$select inventory.record_stock_count(%s, '[{"sku": "MUG", "counted": 8}]')$$, o.count_id
    )
)
from inventory.start_stock_count() as o;
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: another version, an unknown or closed stocktake is refused
select throws_ok(
    format('select inventory.cancel_stock_count(%L, %L)', coalesce(b.id, s.id), b.version), b.code,
    null, b.title
)
from pg_temp.sheet as s
cross join (
    values
    (null, 1, 'SHC02', 'an old version'),
    (null, null, '22023', 'no version'),
    (-1, 1, 'SHI23', 'unknown')
) as b (id, version, code, title);
select is_empty('table events.outbox_events', 'nothing was written');
select inventory.cancel_stock_count(s.id, 2, 'c1') from pg_temp.sheet as s;
select throws_ok(format('select inventory.cancel_stock_count(%s, 3)', s.id), 'SHI24')
from pg_temp.sheet as s;

-- case: the same key and request get the stored answer; another request is refused
select inventory.cancel_stock_count(s.id, 2, 'c1') from pg_temp.sheet as s;
select lives_ok(format($$select inventory.cancel_stock_count(%s, 2, 'c1')$$, s.id))
from pg_temp.sheet as s;
select throws_ok(format($$select inventory.cancel_stock_count(%s, 3, 'c1')$$, s.id), 'SHC01')
from pg_temp.sheet as s;
