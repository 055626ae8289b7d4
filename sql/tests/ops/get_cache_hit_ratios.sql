create table ops.untouched (id integer primary key);

-- case: the whole database comes first
select is(
    (
        select r.scope
        from ops.get_cache_hit_ratios() with ordinality as r
        where r.ordinality = 1
    ),
    'database', 'the database'
);
select is(
    (select count(*) from ops.get_cache_hit_ratios() as r where r.scope = 'database'), 1, 'one row'
);

-- case: every table has a row, and they add up
select is(
    (select count(*) from ops.get_cache_hit_ratios() as r where r.scope = 'table'),
    (select count(*) from pg_statio_user_tables as s where s.schemaname !~ '^pg_temp_'),
    'each'
);
select
    is(
        sum(r.heap_hits) filter (where r.scope = 'table'),
        sum(r.heap_hits) filter (where r.scope = 'database'),
        'hits of tables'
    ),
    is(
        sum(r.index_reads) filter (where r.scope = 'table'),
        sum(r.index_reads) filter (where r.scope = 'database'),
        'reads of indexes'
    )
from ops.get_cache_hit_ratios() as r;

-- case: a share is of what was read, null where nothing was
select is(r.heap_hit_percent, null, 'nothing was read')
from ops.get_cache_hit_ratios() as r
where r.table_name = 'untouched';
select is_empty(
    $$select from ops.get_cache_hit_ratios() as r
    where r.heap_hit_percent is distinct from
        round(100.0 * r.heap_hits / nullif(r.heap_hits + r.heap_reads, 0), 2)
    or r.heap_hit_percent not between 0 and 100$$,
    'of hits and reads'
);

-- case: works where writing is forbidden, as on a replica
set local transaction_read_only = on;
select isnt_empty($$select from ops.get_cache_hit_ratios()$$, 'rows');

-- case: only the service of operations may call it
select ok(has_function_privilege('ops_service', 'ops.get_cache_hit_ratios()', 'execute'), 'it may');
select ok(
    not has_function_privilege('inventory_service', 'ops.get_cache_hit_ratios()', 'execute'),
    'others may not'
);
