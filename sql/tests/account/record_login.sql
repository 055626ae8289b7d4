-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
select account.set_password(pg_temp.ann(), pg_temp.hash());
delete from events.outbox_events;

-- case: wrong attempts are counted, a right one starts anew
select results_eq(
    $$
    select r.failures, r.is_locked, r.locked_until
    from account.record_login(pg_temp.ann(), false) as r
    $$,
    'values (1, false, null::timestamptz)'
);
select is(r.failures, 2) from account.record_login(pg_temp.ann(), false) as r;
select is(r.failures, 0) from account.record_login(pg_temp.ann(), true) as r;
select results_eq(
    'select c.last_used_at is not null, c.failures, c.updated_by from account.credentials as c',
    $$values (true, 0, 'staff:anna')$$
);
select is_empty('table events.outbox_events', 'nobody has to know');

-- case: too many lock the account for a while
select core.set_business_rule('login_failures_max', 2, 1);
delete from events.outbox_events;
select is(r.is_locked, false, 'once') from account.record_login(pg_temp.ann(), false) as r;
select is(r.is_locked, true, 'twice') from account.record_login(pg_temp.ann(), false) as r;
select is(g.is_locked, true, 'to be seen') from account.get_password('ann@example.com') as g;
select is(r.is_locked, true, 'a right one') from account.record_login(pg_temp.ann(), true) as r;
select results_eq(
    $$
    select
        e.event_type, e.aggregate_id, e.payload -> 'user_id' = to_jsonb(pg_temp.ann()),
        (e.payload ->> 'locked_until')::timestamptz - clock_timestamp()
        between interval '14 minutes' and interval '15 minutes'
    from events.outbox_events as e
    $$,
    $$values ('user.locked', pg_temp.ann(), true, true)$$
);
update account.credentials set locked_until = clock_timestamp() - interval '1 second';
select is(g.is_locked, false, 'over') from account.get_password('ann@example.com') as g;
select is(r.is_locked, false, 'a right one after it')
from account.record_login(pg_temp.ann(), true) as r;

-- case: rules that are off lock nobody, or for good
select core.set_business_rule('login_failures_max', 1, 1, null, false);
select is(r.is_locked, false) from account.record_login(pg_temp.ann(), false) as r;
select core.set_business_rule('login_failures_max', 1, 2, null, true);
select core.set_business_rule('login_lock_minutes', 1, 1, null, false);
select is(r.locked_until, 'infinity') from account.record_login(pg_temp.ann(), false) as r;

-- case: refusals
select throws_ok('select account.record_login(pg_temp.ann(), null)', '22023', null);
select throws_ok('select account.record_login(0, true)', 'SHA07', null);
select throws_ok('select account.record_login(null, true)', 'SHA07', null);

-- case: the same key counts once
select account.record_login(pg_temp.ann(), false, 'k');
select is(r.failures, 1) from account.record_login(pg_temp.ann(), false, 'k') as r;
select throws_ok($$select account.record_login(pg_temp.ann(), true, 'k')$$, 'SHC01', null);
