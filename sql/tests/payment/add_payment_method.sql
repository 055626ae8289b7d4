-- setup: Ann and Bob
select core.set_context('web', 'req-1');
create temporary table people as
select
    p.name,
    u.user_id as id
from (values ('ann'), ('bob')) as p (name)
cross join lateral account.register_user(p.name || '@example.com', p.name) as u;
create function pg_temp.ann()
returns bigint
language sql
as $$select p.id from pg_temp.people as p where p.name = 'ann'$$;
delete from events.outbox_events;

-- case: the first method is the default, the next one is not
select results_eq(
    $$
    select m.is_default, m.version
    from (values ('tok-1'), ('tok-2')) as t (token)
    cross join lateral payment.add_payment_method(
        pg_temp.ann(), 'fake', 'card', t.token, 'visa', '4242', 12, 2030
    ) as m
    $$,
    'values (true, 1::bigint), (false, 1::bigint)'
);
select results_eq(
    $$
    select m.provider, m.kind, m.token, m.brand, m.last4, m.exp_month, m.exp_year, m.status,
        m.updated_by
    from payment.payment_methods as m
    where m.is_default
    $$,
    $$
    values (
        'fake', 'card', 'tok-1', 'visa', '4242', 12::smallint, 2030::smallint, 'active', 'web'
    )
    $$
);
select results_eq(
    $$
    select e.event_type, e.payload -> 'is_default', e.payload::text like '%tok-%'
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    values
    ('payment_method.added', 'true'::jsonb, false), ('payment_method.added', 'false', false)
    $$
);

-- case: one that is to be the default takes the place of the one before
select payment.add_payment_method(pg_temp.ann(), 'fake', 'card', 'tok-1');
select is(m.is_default, true, 'the new one')
from payment.add_payment_method(
    pg_temp.ann(), 'fake', 'wallet', 'tok-2', p_is_default => true
) as m;
select results_eq(
    $$select m.token, m.is_default from payment.payment_methods as m order by m.token$$,
    $$values ('tok-1', false), ('tok-2', true)$$
);

-- case: the same token again brings the method up to date
select payment.add_payment_method(pg_temp.ann(), 'fake', 'card', 'tok-1', 'visa', '4242', 1, 2026);
select is(m.version, 2::bigint, 'the same one')
from payment.add_payment_method(
    pg_temp.ann(), 'fake', 'card', 'tok-1', 'visa', '4242', 1, 2031
) as m;
select results_eq(
    'select m.exp_year, m.is_default from payment.payment_methods as m',
    'values (2031::smallint, true)'
);

-- case: a token is one user's, a user has so many
select payment.add_payment_method(p.id, 'fake', 'card', 'tok-bob')
from pg_temp.people as p
where p.name = 'bob';
select throws_ok(
    $$select payment.add_payment_method(pg_temp.ann(), 'fake', 'card', 'tok-bob')$$, 'SHM12', null,
    'taken'
);
select lives_ok(
    $$select payment.add_payment_method(pg_temp.ann(), 'other', 'card', 'tok-bob')$$,
    'another provider''s'
);
select core.set_business_rule('payment_methods_max', 1, 1);
select throws_ok(
    $$select payment.add_payment_method(pg_temp.ann(), 'fake', 'card', 'tok-2')$$, 'SHM13', null,
    'too many'
);

-- case: the same key gives the same answer and keeps no token; another request is refused
select is(m.version, 1::bigint, 'once')
from generate_series(1, 2)
cross join lateral payment.add_payment_method(
    pg_temp.ann(), 'fake', 'card', 'tok-1', p_idempotency_key => 'k'
) as m;
select throws_ok(
    $$
    select payment.add_payment_method(
        pg_temp.ann(), 'fake', 'card', 'tok-2', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null, 'another token'
);
select is_empty(
    $$select 1 from core.idempotency_keys as k where k.response::text like '%tok-%'$$
);

-- case: no card number gets in, and what is malformed does not
select throws_ok(
    format('select payment.add_payment_method(%s)', b.arguments), b.sqlstate, null, b.arguments
)
from (
    values
    ($$pg_temp.ann(), 'fake', 'card', '4111111111111111'$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', '4111 1111 1111 1111'$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', '5500-0000-0000-0004'$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', 'tok', '340000000000009'$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', null$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', ''$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', repeat('t', 501)$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'cheque', 'tok'$$, '22023'),
    ($$pg_temp.ann(), 'fake', null, 'tok'$$, '22023'),
    ($$pg_temp.ann(), 'Fake', 'card', 'tok'$$, '22023'),
    ($$pg_temp.ann(), null, 'card', 'tok'$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', 'tok', ''$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', 'tok', null, '42424'$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', 'tok', null, null, 13, 2030$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', 'tok', null, null, 1, null$$, '22023'),
    ($$pg_temp.ann(), 'fake', 'card', 'tok', p_is_default => null$$, '22023'),
    ($$0, 'fake', 'card', 'tok'$$, 'SHA03'), ($$null, 'fake', 'card', 'tok'$$, 'SHA03')
) as b (arguments, sqlstate);
select is_empty('select 1 from payment.payment_methods');
select account.anonymise_user(u.user_id)
from account.users as u
where u.user_id = pg_temp.ann();
select throws_ok(
    $$select payment.add_payment_method(pg_temp.ann(), 'fake', 'card', 'tok')$$, 'SHA04', null,
    'nobody'
);
