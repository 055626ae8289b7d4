-- setup: somebody acts
select core.set_context('staff:anna', 'req-1');

-- case: a stocktake begins at a location
create temporary table begun as
select s.count_id, s.location, s.version from inventory.start_stock_count(null, 'Sheet 1') as s;
select results_eq(
    'select b.location, b.version from pg_temp.begun as b', $$values ('MAIN', 1::bigint)$$
);
select results_eq(
    $$
    select c.status, c.reference, c.created_by, c.updated_by
    from inventory.stock_counts as c
    $$,
    $$values ('open', 'Sheet 1', 'staff:anna', 'staff:anna')$$
);
select is(
    (e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.actor)::text,
    ('stock_count', b.count_id, 1, 'staff:anna')::text, e.event_type
)
from events.outbox_events as e
cross join pg_temp.begun as b;

-- case: an unknown location and an empty reference are refused
select throws_ok($$select inventory.start_stock_count('CELLAR')$$, 'SHI08');
select throws_ok($$select inventory.start_stock_count(null, '')$$, '22023');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
create temporary table first as
select s.count_id from inventory.start_stock_count(null, null, 's1') as s;
select is(s.count_id, f.count_id, 'the same')
from inventory.start_stock_count(null, null, 's1') as s
cross join pg_temp.first as f;
select is(count(*), 1, 'once') from inventory.stock_counts;
select throws_ok($$select inventory.start_stock_count('MAIN', null, 's1')$$, 'SHC01');
