create table ops.measured (id integer primary key, word text);
create index "measured_Word" on ops.measured (lower(word)) where id > 0;

-- case: an index that was never used and enforces nothing is unused
select
    ok(i.is_unused, 'unused'),
    is(i.scans, 0, 'no scans'),
    is(i.index_bytes, pg_relation_size('ops."measured_Word"'), 'its size'),
    is(
        i.definition,
        'CREATE INDEX "measured_Word" ON ops.measured USING btree (lower(word)) WHERE (id > 0)',
        'how it was made'
    ),
    ok(i.statistics_since < now(), 'since when that is known'),
    ok(i.is_valid, 'valid')
from ops.get_index_usage_statistics() as i
where i.index_name = 'measured_Word';

-- case: one that enforces something is never called unused
select
    ok(not i.is_unused, 'not unused'),
    ok(i.is_unique and i.is_primary, 'a primary key'),
    is((i.schema_name, i.table_name)::text, '(ops,measured)', 'of its table')
from ops.get_index_usage_statistics() as i
where i.index_name = 'measured_pkey';

-- case: every index of the database is there once
select bag_eq(
    $$select i.schema_name, i.index_name from ops.get_index_usage_statistics() as i$$,
    $$select s.schemaname::text, s.indexrelname::text from pg_stat_user_indexes as s
    where s.schemaname !~ '^pg_temp_'$$,
    'each'
);

-- case: works where writing is forbidden, as on a replica
set local transaction_read_only = on;
select isnt_empty($$select from ops.get_index_usage_statistics()$$, 'rows');

-- case: only the service of operations may call it
select ok(
    has_function_privilege('ops_service', 'ops.get_index_usage_statistics()', 'execute'), 'it may'
);
select ok(
    not has_function_privilege(
        'inventory_service', 'ops.get_index_usage_statistics()', 'execute'
    ),
    'others may not'
);
