-- A check with an error, one without an answer, and one of somebody else.
set local role shop_owner;
create function ops.health_a_broken() returns table (
    level text, object text, figure numeric, threshold text, meaning text, remedy text
) language sql as $$
    select 'ok', 'x', 1 / 0::numeric, 't', 'm', null
$$;
create function ops.health_b_silent() returns table (
    level text, object text, figure numeric, threshold text, meaning text, remedy text
) language sql as $$
    select 'ok', 'x', 1::numeric, 't', 'm', null where false
$$;
create function ops.health_c_locked() returns table (
    level text, object text, figure numeric, threshold text, meaning text, remedy text
) language sql as $$
    select 'ok', current_setting('lock_timeout'), 1::numeric, 't', 'm', null
$$;
reset role;

-- case: runs every check in the order of the names
select set_eq(
    $$select h.check_name from ops.check_database_health() as h$$,
    $$select substr(p.proname, 8) from pg_proc as p
    where p.pronamespace = 'ops'::regnamespace and p.proname like 'health\_%'$$,
    'each is there'
);
select is(
    (select array_agg(h.check_name order by h.n) from ops.check_database_health()
        with ordinality as h (check_name, l, o, f, t, m, r, n)),
    (select array_agg(h.check_name order by h.check_name) from ops.check_database_health() as h),
    'in order'
);

-- case: every finding says what to do
select is_empty(
    $$select * from ops.check_database_health() as h
    where h.level not in ('ok', 'warning', 'critical', 'skipped')
    or (h.level <> 'ok') <> (h.remedy is not null)
    or (h.level <> 'skipped' and (h.figure is null or h.threshold is null or h.object is null))$$,
    'a level, and for all but ok a remedy'
);

-- case: a check that fails is skipped with its error and harms no other
select
    is(h.level, 'skipped', 'skipped, not ok'),
    matches(h.meaning, 'division by zero \(SQLSTATE 22012\)', 'with the error'),
    matches(h.remedy, 'ops.health_a_broken\(\)', 'and how to see it')
from ops.check_database_health('a_broken') as h;
select isnt_empty(
    $$select from ops.check_database_health() as h where h.check_name = 'connections'$$,
    'others ran'
);

-- case: a check that returns nothing is skipped
select is(h.level, 'skipped', 'silence is not ok')
from ops.check_database_health('b_silent') as h;

-- case: no check waits long for a lock
select is(h.object, '250ms', 'lock_timeout is set')
from ops.check_database_health('c_locked') as h;

-- case: runs one check
select is(
    (select array_agg(h.check_name) from ops.check_database_health('connections') as h),
    array['connections'],
    'only that one'
);

-- case: refuses a name that is no check
select throws_ok(
    $$select * from ops.check_database_health('nonsense')$$, '22023', 'an argument is malformed'
);
select throws_ok($$select * from ops.check_database_health('')$$, '22023');
select throws_ok($$select * from ops.check_database_health('Ünï; drop table x')$$, '22023');

-- case: a function that somebody else put there is not run
create function ops.health_foreign() returns table (
    level text, object text, figure numeric, threshold text, meaning text, remedy text
) language sql as $$
    select 'ok', 'x', 1::numeric, 't', 'm', null
$$;
select throws_ok($$select * from ops.check_database_health('foreign')$$, '22023');

-- case: works where writing is forbidden, as on a replica
set local transaction_read_only = on;
select isnt_empty($$select from ops.check_database_health()$$, 'rows');

-- case: only the service of operations may call it
select ok(
    has_function_privilege('ops_service', 'ops.check_database_health(text)', 'execute'), 'it may'
);
select ok(
    not has_function_privilege(
        'inventory_service', 'ops.check_database_health(text)', 'execute'
    ),
    'others may not'
);
