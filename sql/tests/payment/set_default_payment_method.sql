-- setup: Ann, who has two methods
create temporary table ann as
select u.user_id as id from account.register_user('ann@example.com', 'Ann') as u;
create temporary table methods as
select
    t.token,
    m.method
from (values ('tok-1'), ('tok-2')) as t (token)
cross join pg_temp.ann as a
cross join lateral payment.add_payment_method(a.id, 'fake', 'card', t.token) as m;
create function pg_temp.method(p_token text)
returns uuid
language sql
as $$select m.method from pg_temp.methods as m where m.token = p_token$$;
delete from events.outbox_events;

-- case: another one becomes the default, against the version that was read
select results_eq(
    $$
    select m.method, m.version
    from pg_temp.ann as a
    cross join lateral payment.set_default_payment_method(a.id, pg_temp.method('tok-2'), 1) as m
    $$,
    $$select pg_temp.method('tok-2'), 2::bigint$$
);
select results_eq(
    $$select m.token, m.is_default from payment.payment_methods as m order by m.token$$,
    $$values ('tok-1', false), ('tok-2', true)$$
);
select is(count(*)::integer, 2, 'both are told') from events.outbox_events;

-- case: the default stays the default
select is(m.version, 1::bigint, 'nothing to do')
from pg_temp.ann as a
cross join lateral payment.set_default_payment_method(a.id, pg_temp.method('tok-1'), 1) as m;
select is_empty('select 1 from events.outbox_events');

-- case: whoever has read another version is told
select throws_ok(
    format(
        'select payment.set_default_payment_method(%s, %L, %s)', a.id,
        pg_temp.method('tok-2'), v.v
    ),
    'SHC02', null, v.v
)
from pg_temp.ann as a
cross join (values ('2'), ('null')) as v (v);

-- case: only one's own, and only what is not removed
select payment.remove_payment_method(a.id, pg_temp.method('tok-2')) from pg_temp.ann as a;
select throws_ok(
    format('select payment.set_default_payment_method(%s, %L, 1)', b.id, b.method), 'SHM03', null,
    'not there'
)
from (
    select a.id, m.method
    from pg_temp.ann as a
    cross join (values (pg_temp.method('tok-2')), (gen_random_uuid()), (null)) as m (method)
    union all
    select u.user_id, pg_temp.method('tok-1')
    from account.register_user('bob@example.com', 'Bob') as u
) as b;
select throws_ok(
    $$select payment.set_default_payment_method(0, pg_temp.method('tok-1'), 1)$$, 'SHA03', null,
    'nobody'
);

-- case: the same key gives the same answer, another request with it is refused
select is(m.version, 2::bigint, 'once')
from pg_temp.ann as a
cross join generate_series(1, 2)
cross join lateral payment.set_default_payment_method(a.id, pg_temp.method('tok-2'), 1, 'k') as m;
select throws_ok(
    format(
        'select payment.set_default_payment_method(%s, %L, 2, %L)', a.id,
        pg_temp.method('tok-1'), 'k'
    ),
    'SHC01', null, 'another one'
)
from pg_temp.ann as a;
