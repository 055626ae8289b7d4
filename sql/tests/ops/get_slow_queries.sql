-- Whether the server has loaded pg_stat_statements is its own affair: the extension is dropped.
drop extension if exists pg_stat_statements;

-- case: without the extension there is one row that says what to do
select
    is(count(*), 1, 'one row'),
    is(count(q.query), 0, 'no query'),
    matches(max(q.note), 'create extension pg_stat_statements;$', 'what to do')
from ops.get_slow_queries() as q;

-- case: refuses a limit that is none
select throws_ok($$select * from ops.get_slow_queries(0)$$, '22023', 'an argument is malformed');
select throws_ok($$select * from ops.get_slow_queries(1001)$$, '22023');
select throws_ok($$select * from ops.get_slow_queries(null)$$, '22023');

-- case: works where writing is forbidden, as on a replica
set local transaction_read_only = on;
select isnt_empty($$select from ops.get_slow_queries(1000)$$, 'a row');

-- case: only the service of operations may call it
select ok(
    has_function_privilege('ops_service', 'ops.get_slow_queries(integer)', 'execute'), 'it may'
);
select ok(
    not has_function_privilege('inventory_service', 'ops.get_slow_queries(integer)', 'execute'),
    'others may not'
);
