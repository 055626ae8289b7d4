-- setup: Ann, who has three methods
create temporary table ann as
select u.user_id as id from account.register_user('ann@example.com', 'Ann') as u;
create temporary table methods as
select
    t.token,
    m.method
from (values ('tok-1'), ('tok-2'), ('tok-3')) as t (token)
cross join pg_temp.ann as a
cross join lateral payment.add_payment_method(a.id, 'fake', 'card', t.token) as m;
create function pg_temp.method(p_token text)
returns uuid
language sql
as $$select m.method from pg_temp.methods as m where m.token = p_token$$;
delete from events.outbox_events;

-- case: the token is forgotten, and the newest that is left becomes the default
select results_eq(
    $$
    select m.method, m.status, m.version
    from pg_temp.ann as a
    cross join lateral payment.remove_payment_method(a.id, pg_temp.method('tok-1')) as m
    $$,
    $$select pg_temp.method('tok-1'), 'removed', 2::bigint$$
);
select results_eq(
    $$
    select m.token, m.status, m.is_default
    from payment.payment_methods as m
    order by m.method_id
    $$,
    $$values (null, 'removed', false), ('tok-2', 'active', false), ('tok-3', 'active', true)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('payment_method.removed'), ('payment_method.updated')$$
);

-- case: removed already, it stays as it is; the token can be added again
select is(m.version, 2::bigint, 'once')
from pg_temp.ann as a
cross join generate_series(1, 2)
cross join lateral payment.remove_payment_method(a.id, pg_temp.method('tok-2')) as m;
select isnt(m.method, pg_temp.method('tok-2'), 'another one')
from pg_temp.ann as a
cross join lateral payment.add_payment_method(a.id, 'fake', 'card', 'tok-2') as m;

-- case: the last one leaves none
select payment.remove_payment_method(a.id, m.method) from pg_temp.ann as a, pg_temp.methods as m;
select is_empty('select 1 from payment.payment_method_list');

-- case: only one's own
select throws_ok(
    format('select payment.remove_payment_method(%s, %L)', b.id, b.method), b.sqlstate, null, 'no'
)
from (
    select a.id, gen_random_uuid() as method, 'SHM03' as sqlstate from pg_temp.ann as a
    union all
    select u.user_id, pg_temp.method('tok-1'), 'SHM03'
    from account.register_user('bob@example.com', 'Bob') as u
    union all
    select 0, pg_temp.method('tok-1'), 'SHA03'
) as b;

-- case: the same key gives the same answer, another request with it is refused
select is(m.version, 2::bigint, 'once')
from pg_temp.ann as a
cross join generate_series(1, 2)
cross join lateral payment.remove_payment_method(a.id, pg_temp.method('tok-2'), 'k') as m;
select throws_ok(
    format('select payment.remove_payment_method(%s, %L, %L)', a.id, pg_temp.method('tok-1'), 'k'),
    'SHC01', null, 'another one'
)
from pg_temp.ann as a;
