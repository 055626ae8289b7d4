-- case: a database of which nothing was broken has no violation
select is_empty($$select * from ops.check_invariants()$$, 'none');

-- case: a violation is returned with the name of the invariant
set local role shop_owner;
create function ops.invariant_two_is_one() returns table (object text, detail jsonb)
language sql as $$
    select 'ops.two', '{"two": 2}'::jsonb
$$;
reset role;
select results_eq(
    $$select * from ops.check_invariants()$$,
    $$values ('two_is_one', 'ops.two', '{"two": 2}'::jsonb)$$,
    'one row'
);

-- case: an invariant that cannot be checked is an error, never silence
set local role shop_owner;
create function ops.invariant_broken() returns table (object text, detail jsonb)
language sql as $$
    select (1 / 0)::text, '{}'::jsonb
$$;
reset role;
select throws_ok($$select * from ops.check_invariants()$$, '22012');
select is(
    (select h.level from ops.check_database_health('invariants') as h), 'skipped',
    'the health check says so too'
);

-- case: a function that somebody else put there is not run
create function ops.invariant_foreign() returns table (object text, detail jsonb)
language sql as $$
    select 'x', '{}'::jsonb
$$;
select is_empty($$select * from ops.check_invariants()$$, 'not run');

-- case: works where writing is forbidden, as on a replica
set local transaction_read_only = on;
select is_empty($$select * from ops.check_invariants()$$, 'none');

-- case: only the service of operations may call it
select ok(has_function_privilege('ops_service', 'ops.check_invariants()', 'execute'), 'it may');
select ok(
    not has_function_privilege('inventory_service', 'ops.check_invariants()', 'execute'),
    'others may not'
);
