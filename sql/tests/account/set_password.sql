-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
delete from events.outbox_events;

-- case: a hash is kept, and set again
select results_eq(
    $q$
    select r.user_id = pg_temp.ann(), r.version
    from account.set_password(pg_temp.ann(), pg_temp.hash()) as r
    $q$,
    'values (true, 1::bigint)'
);
select account.record_login(pg_temp.ann(), false);
select is(r.version, 2::bigint)
from account.set_password(pg_temp.ann(), '$2b$12$' || repeat('aB3./', 10) || 'xyz') as r;
select results_eq(
    $$
    select c.kind, c.failures, c.locked_until, c.version, c.updated_by
    from account.credentials as c
    $$,
    $$values ('password', 0, null::timestamptz, 2::bigint, 'staff:anna')$$
);
select bag_eq(
    $$
    select e.event_type, e.aggregate_id, e.aggregate_seq, e.payload
    from events.outbox_events as e
    $$,
    $$
    select
        'user.password_set', pg_temp.ann(), v.version,
        jsonb_build_object('user_id', pg_temp.ann(), 'version', v.version)
    from (values (1::bigint), (2)) as v (version)
    $$
);

-- case: what does not look like a hash is refused, also by the table
select throws_ok(
    format('select account.set_password(pg_temp.ann(), %L)', b.hash), '22023', null,
    coalesce(left(b.hash, 20), 'null')
)
from (
    values
    (null), (''), ('correct horse battery staple'), ('$argon2id$short'),
    (repeat('a', 60)), ('$argon2id$' || repeat(' ', 60)), ('$argon2id$' || repeat('a', 1000))
) as b (hash);
select throws_ok(
    $$
    insert into account.credentials (user_id, kind, secret_hash, updated_by)
    values (pg_temp.ann(), 'password', 'correct horse battery staple', 'test')
    $$,
    '23514', null
);

-- case: no user, no password
select throws_ok($q$select account.set_password(0, pg_temp.hash())$q$, 'SHA03', null);
select account.anonymise_user(pg_temp.ann());
select throws_ok($q$select account.set_password(pg_temp.ann(), pg_temp.hash())$q$, 'SHA04', null);

-- case: the same key gets the stored answer, and no key keeps a hash
select account.set_password(pg_temp.ann(), pg_temp.hash(), 'k');
select is(r.version, 1::bigint) from account.set_password(pg_temp.ann(), pg_temp.hash(), 'k') as r;
select throws_ok(
    $q$select account.set_password(pg_temp.ann(), pg_temp.hash() || 'x', 'k')$q$, 'SHC01', null
);
select is_empty(
    $$select from core.idempotency_keys as k where k.response::text like '%argon%'$$
);
