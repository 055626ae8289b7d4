-- A table with TOAST and an index, and one with partitions.
create table ops.measured (id integer primary key, words text);
insert into ops.measured
select
    i,
    repeat('word', 100)
from generate_series(1, 1000) as i;
analyze ops.measured;
create table ops.whole (id integer) partition by range (id);
create table ops."Part" partition of ops.whole for values from (1) to (9);

-- case: one row a table, with its size
select
    is(t.estimated_rows, 1000, 'rows as of the last analyze'),
    ok(t.table_bytes > 400000, 'the table'),
    ok(t.index_bytes >= 16384, 'its indexes'),
    is(t.total_bytes, t.table_bytes + t.index_bytes, 'both'),
    is(t.total_bytes, pg_total_relation_size('ops.measured'), 'as the server measures it'),
    cmp_ok(t.transaction_age, '<', 1000, 'young')
from ops.get_table_statistics() as t
where (t.schema_name, t.table_name) = ('ops', 'measured');

-- case: every table of the database is there once
select bag_eq(
    $$select t.schema_name, t.table_name from ops.get_table_statistics() as t$$,
    $$select s.schemaname::text, s.relname::text from pg_stat_user_tables as s
    inner join pg_class as c on c.oid = s.relid
    where c.relkind <> 'p' and c.relpersistence <> 't'$$,
    'each'
);

-- case: a partition names its table, which has no row of its own
select is(
    (select t.partition_of from ops.get_table_statistics() as t where t.table_name = 'Part'),
    'ops.whole', 'its table'
);
select is_empty(
    $$select from ops.get_table_statistics() as t where t.table_name = 'whole'$$, 'no row'
);

-- case: shares of nothing are null, not zero
select
    is(t.dead_percent, null, 'no rows'),
    is(t.hot_update_percent, null, 'no updates')
from ops.get_table_statistics() as t
where t.table_name = 'Part';

-- case: the largest comes first
select is(
    (
        select bool_and(t.total_bytes <= t.previous)
        from (
            select s.total_bytes, lag(s.total_bytes) over (order by s.ordinality) as previous
            from ops.get_table_statistics() with ordinality as s
        ) as t
    ),
    true, 'none is larger than the one before'
);

-- case: works where writing is forbidden, as on a replica
set local transaction_read_only = on;
select isnt_empty($$select from ops.get_table_statistics()$$, 'rows');

-- case: only the service of operations may call it
select ok(has_function_privilege('ops_service', 'ops.get_table_statistics()', 'execute'), 'it may');
select ok(
    not has_function_privilege('inventory_service', 'ops.get_table_statistics()', 'execute'),
    'others may not'
);
