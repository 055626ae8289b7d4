-- setup: methods, payments, their steps, a refund, a dispute with evidence, an event and a day
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
select payment.add_payment_method(a.user_id, 'fake', 'card', t.token, 'visa', '4242', 12, 2030)
from pg_temp.ann as a
cross join (values ('tok-1'), ('tok-2')) as t (token);
create temporary table placed as
select
    p.n,
    pg_temp.approve(p.n) as p
from (select pg_temp.place() as n) as p;
select pg_temp.capture(p.p, 'cap-1', 20) from pg_temp.placed as p;
select payment.begin_capture(p.p, 5) from pg_temp.placed as p;
select pg_temp.begin(pg_temp.place());
insert into payment.refunds (
    order_id, payment_id, amount, reason_code, requested_by, updated_by, status, decided_at
)
select p.order_id, p.payment_id, 5, 'goodwill', 'test', 'test', s.status, s.decided_at
from payment.payments as p
cross join (
    values ('requested', null), ('processing', clock_timestamp())
) as s (status, decided_at)
where p.captured > 0;
insert into payment.payment_disputes (
    order_id, payment_id, provider, provider_dispute_id, amount, reason_code, status, updated_by
)
select p.order_id, p.payment_id, 'fake', d.id, 10, 'fraudulent', 'warning', 'test'
from payment.payments as p
cross join (values ('d-1'), ('d-2')) as d (id)
where p.captured > 0;
insert into payment.dispute_evidence (order_id, dispute_id, kind, version, body, created_by)
select d.order_id, d.dispute_id, k.kind, 1, 'It was sent.', 'test'
from payment.payment_disputes as d
cross join (values ('receipt'), ('letter')) as k (kind)
where d.provider_dispute_id = 'd-1';
insert into payment.payment_transactions (
    order_id, payment_id, kind, status, amount, provider, refund_id, claimed_until, actor
)
select r.order_id, r.payment_id, 'refund', 'pending', 5, 'fake', r.refund_id, clock_timestamp(), 'x'
from payment.refunds as r
where r.status = 'processing';
select payment.receive_provider_event(
    'fake', 'e1', '{"kind": "void.failed", "original_ref": "auth-1"}'
);
select payment.receive_provider_event(
    'fake', 'e2', '{"kind": "void.failed", "original_ref": "auth-2"}'
);
insert into payment.payment_analytics (
    day, provider, currency, attempts, approved, declined, timed_out, authorized_amount, captures,
    captured_amount, refunds, refunded_amount, disputes, disputed_amount, settled_amount, fee_amount
)
select '2026-01-01', p.provider, 'GBP', 3, 1, 1, 1, 5, 1, 5, 0, 0, 0, 0, 0, 0
from (values ('fake'), ('other')) as p (provider);

-- case: whatever a function forgets, the table of methods refuses
select throws_ok(
    format('update payment.payment_methods set %s where is_default', b.change), b.sqlstate, null,
    b.change
)
from (
    values
    ($$user_id = 0$$, '23503'), ($$provider = 'Fake'$$, '23514'),
    ($$provider = repeat('f', 51)$$, '23514'), ($$kind = 'cheque'$$, '23514'),
    ($$status = 'gone', is_default = false$$, '23514'),
    ($$status = 'removed', is_default = false$$, '23514'),
    ($$removed_at = clock_timestamp()$$, '23514'), ($$token = null$$, '23514'),
    ($$status = 'removed', token = null, removed_at = clock_timestamp()$$, '23514'),
    ($$token = ''$$, '23514'), ($$token = repeat('t', 501)$$, '23514'), ($$last4 = '42'$$, '23514'),
    ($$provider = '4111-1111-1111-1111'$$, '23514'), ($$brand = repeat('b', 51)$$, '23514'),
    ($$brand = ''$$, '23514'), ($$exp_month = 13$$, '23514'), ($$exp_month = 0$$, '23514'),
    ($$exp_month = null$$, '23514'), ($$exp_year = 1999$$, '23514'), ($$exp_year = 2200$$, '23514'),
    ($$token = '4111 1111 1111 1111'$$, '23514'), ($$brand = '4111111111111111'$$, '23514'),
    ($$token = 'tok-2'$$, '23505'),
    (
        $$
        public_id = (
            select m.public_id from payment.payment_methods as m where not m.is_default
        )
        $$,
        '23505'
    )
) as b (change, sqlstate);
select throws_ok(
    'update payment.payment_methods set is_default = true', '23505', null, 'two defaults'
);
select throws_ok(
    $$
    insert into payment.payment_methods overriding system value
    select
        m.method_id, gen_random_uuid(), m.user_id, m.provider, m.kind, 'tok-3', m.brand, m.last4,
        m.exp_month, m.exp_year, false, m.status, m.version, m.created_at, m.updated_at,
        m.updated_by, m.removed_at
    from payment.payment_methods as m
    where m.is_default
    $$,
    '23505', null, 'the number twice'
);

-- case: the table of payments refuses
select throws_ok(
    format('update payment.payments set %s where captured > 0', b.change), b.sqlstate, null,
    b.change
)
from (
    values
    ($$currency = 'EUR'$$, '23503'), ($$order_id = 0$$, '23503'), ($$method_id = 0$$, '23503'),
    ($$provider = 'Fake'$$, '23514'), ($$provider = repeat('f', 51)$$, '23514'),
    ($$provider = '4111-1111-1111-1111'$$, '23514'), ($$captured = 30.01$$, '23514'),
    ($$authorized = 30.01$$, '23514'), ($$refunded = 20.01$$, '23514'),
    ($$refund_pending = 20.01$$, '23514'), ($$charged_back = 20.01$$, '23514'),
    ($$refunded = 10, refund_pending = 5, charged_back = 5.01$$, '23514'),
    ($$settled = 20.01$$, '23514'), ($$surplus = -1$$, '23514'), ($$refunded = -1$$, '23514'),
    ($$refund_pending = -1$$, '23514'), ($$charged_back = -1$$, '23514'),
    ($$settled = -1$$, '23514'), ($$fees = -1$$, '23514'), ($$phase = 'failed'$$, '23514'),
    ($$phase = 'voided'$$, '23514'), ($$phase = 'expired'$$, '23514'),
    ($$auth_expires_at = null$$, '23514'), ($$attempts = -1$$, '23514'),
    (
        $$public_id = (select p.public_id from payment.payments as p where p.captured = 0)$$,
        '23505'
    )
) as b (change, sqlstate);
select throws_ok(
    format('update payment.payments set %s where captured = 0', b.change), '23514', null, b.change
)
from (values ('amount = 0'), ($$phase = 'gone'$$), ($$phase = 'authorized'$$)) as b (change);
select throws_ok(
    format(
        $$
        insert into payment.payments (
            order_id, payment_id, provider, currency, amount, phase, updated_by
        )
        overriding system value
        select p.order_id, p.payment_id + %s, 'fake', 'GBP', 1, %L, 'test'
        from payment.payments as p
        where p.captured = 0
        $$,
        b.beside, b.phase
    ),
    '23505', null, b.title
)
from (
    values (1000, 'created', 'two open at once'), (0, 'failed', 'the number twice')
) as b (beside, phase, title);

-- case: the table of steps refuses
select throws_ok(
    format('update payment.payment_transactions set %s where provider_ref = %L', b.change, 'cap-1'),
    b.sqlstate, null, b.change
)
from (
    values
    ($$payment_id = 0$$, '23503'), ($$kind = 'tip'$$, '23514'),
    ($$status = 'gone', completed_at = null$$, '23514'), ($$amount = 0$$, '23514'),
    ($$completed_at = null$$, '23514'), ($$claimed_until = clock_timestamp()$$, '23514'),
    ($$refund_id = (select max(r.refund_id) from payment.refunds as r)$$, '23514'),
    ($$dispute_id = (select max(d.dispute_id) from payment.payment_disputes as d)$$, '23514'),
    ($$kind = 'refund'$$, '23514'), ($$kind = 'chargeback'$$, '23514'),
    ($$kind = 'refund', refund_id = 0$$, '23503'),
    ($$kind = 'chargeback', dispute_id = 0$$, '23503'), ($$provider_ref = ''$$, '23514'),
    ($$provider_ref = repeat('r', 256)$$, '23514'), ($$error_code = ''$$, '23514'),
    ($$error_code = repeat('c', 101)$$, '23514'), ($$error_reason = ''$$, '23514'),
    ($$error_reason = repeat('r', 501)$$, '23514'),
    ($$provider_ref = '4111111111111111'$$, '23514'),
    ($$error_code = '4111111111111111'$$, '23514'),
    ($$error_reason = 'card 5500-0000-0000-0004'$$, '23514'),
    ($$kind = 'authorize', provider_ref = 'auth-1'$$, '23505'),
    (
        $$
        public_id = (
            select t.public_id
            from payment.payment_transactions as t
            where t.provider_ref = 'auth-1'
        )
        $$,
        '23505'
    )
) as b (change, sqlstate);
select throws_ok(
    $$
    insert into payment.payment_transactions (
        order_id, transaction_id, payment_id, kind, status, amount, provider, completed_at, actor
    )
    overriding system value
    select t.order_id, t.transaction_id, t.payment_id, 'fee', 'failed', 1, 'fake', t.created_at, 'x'
    from payment.payment_transactions as t
    where t.provider_ref = 'cap-1'
    $$,
    '23505', null, 'the number twice'
);
select throws_ok(
    format(
        $$
        insert into payment.payment_transactions (
            order_id, payment_id, kind, status, amount, provider, refund_id, claimed_until, actor
        )
        select
            t.order_id, t.payment_id, t.kind, 'timed_out', 1, t.provider, t.refund_id,
            t.claimed_until, 'test'
        from payment.payment_transactions as t
        where t.kind = %L and t.status = 'pending'
        $$,
        k.kind
    ),
    '23505', null, 'two under way: ' || k.kind
)
from (values ('capture'), ('refund')) as k (kind);

-- case: the table of refunds refuses
select throws_ok(
    format('update payment.refunds set %s where status = %L', b.change, 'requested'), b.sqlstate,
    null, b.change
)
from (
    values
    ($$payment_id = 0$$, '23503'), ($$return_no = 7$$, '23503'), ($$amount = 0$$, '23514'),
    ($$reason_code = 'why not'$$, '23514'),
    ($$status = 'gone', decided_at = clock_timestamp()$$, '23514'),
    ($$closed_at = clock_timestamp()$$, '23514'), ($$status = 'cancelled'$$, '23514'),
    ($$status = 'approved'$$, '23514'), ($$note = ''$$, '23514'),
    ($$note = repeat('n', 1001)$$, '23514'), ($$error_code = ''$$, '23514'),
    ($$error_code = repeat('c', 101)$$, '23514'), ($$error_reason = ''$$, '23514'),
    ($$error_reason = repeat('r', 501)$$, '23514'),
    ($$note = 'card 4111 1111 1111 1111'$$, '23514'),
    ($$error_code = '4111111111111111'$$, '23514'),
    ($$error_reason = 'card 4111 1111 1111 1111'$$, '23514'),
    (
        $$
        public_id = (
            select r.public_id from payment.refunds as r where r.status = 'processing'
        )
        $$,
        '23505'
    )
) as b (change, sqlstate);
select throws_ok(
    $$
    insert into payment.refunds (
        order_id, refund_id, payment_id, amount, reason_code, requested_by, updated_by
    )
    overriding system value
    select r.order_id, r.refund_id, r.payment_id, 1, 'other', 'test', 'test'
    from payment.refunds as r
    where r.status = 'requested'
    $$,
    '23505', null, 'the number twice'
);

-- case: the table of disputes refuses
select throws_ok(
    format(
        'update payment.payment_disputes set %s where provider_dispute_id = %L', b.change, 'd-1'
    ),
    b.sqlstate, null, b.change
)
from (
    values
    ($$payment_id = 0$$, '23503'), ($$amount = 0$$, '23514'), ($$counted = 1$$, '23514'),
    ($$counted = -1$$, '23514'), ($$status = 'gone'$$, '23514'),
    ($$closed_at = clock_timestamp()$$, '23514'), ($$status = 'needs_response'$$, '23514'),
    ($$submission_count = 1$$, '23514'), ($$submission_count = -1$$, '23514'),
    ($$reason_code = ''$$, '23514'), ($$reason_code = repeat('r', 101)$$, '23514'),
    ($$network_code = ''$$, '23514'), ($$network_code = repeat('n', 51)$$, '23514'),
    ($$provider = ''$$, '23514'), ($$provider = repeat('p', 51)$$, '23514'),
    ($$provider_dispute_id = ''$$, '23514'), ($$provider_dispute_id = repeat('d', 256)$$, '23514'),
    ($$outcome_reason = ''$$, '23514'), ($$outcome_reason = repeat('r', 501)$$, '23514'),
    ($$reason_code = '4111111111111111'$$, '23514'),
    ($$network_code = '4111111111111111'$$, '23514'),
    ($$outcome_reason = '4111111111111111'$$, '23514'),
    ($$provider_dispute_id = '4111111111111111'$$, '23514'),
    ($$provider_dispute_id = 'd-2'$$, '23505'),
    (
        $$
        public_id = (
            select d.public_id
            from payment.payment_disputes as d
            where d.provider_dispute_id = 'd-2'
        )
        $$,
        '23505'
    )
) as b (change, sqlstate);
select throws_ok(
    $$
    insert into payment.payment_disputes (
        order_id, dispute_id, payment_id, provider, provider_dispute_id, amount, reason_code,
        status, updated_by
    )
    overriding system value
    select d.order_id, d.dispute_id, d.payment_id, 'fake', 'd-3', 1, 'other', 'warning', 'test'
    from payment.payment_disputes as d
    limit 1
    $$,
    '23505', null, 'the number twice'
);

-- case: the table of evidence refuses
select throws_ok(
    format('update payment.dispute_evidence set %s where kind = %L', b.change, 'receipt'),
    b.sqlstate, null, b.change
)
from (
    values
    ($$dispute_id = 0$$, '23503'), ($$version = 0$$, '23514'), ($$body = null$$, '23514'),
    ($$file_uri = 'https://files.example.com/1'$$, '23514'), ($$submission = 1$$, '23514'),
    ($$submitted_at = clock_timestamp()$$, '23514'),
    ($$submission = 0, submitted_at = clock_timestamp()$$, '23514'), ($$kind = 'a b'$$, '23514'),
    ($$kind = repeat('k', 51)$$, '23514'), ($$kind = '4111111111111111'$$, '23514'),
    ($$body = ''$$, '23514'), ($$body = repeat('b', 20001)$$, '23514'),
    ($$body = 'He paid with 4111 1111 1111 1111'$$, '23514'),
    ($$body = null, file_uri = ''$$, '23514'),
    ($$body = null, file_uri = repeat('f', 2001)$$, '23514'),
    ($$body = null, file_uri = 's3://4111111111111111'$$, '23514'), ($$kind = 'letter'$$, '23505')
) as b (change, sqlstate);

-- case: the inbox refuses
select throws_ok(
    format('update payment.provider_events set %s where event_id = %L', b.change, 'e2'), b.sqlstate,
    null, b.change
)
from (
    values
    ($$provider = 'Fake'$$, '23514'), ($$provider = repeat('f', 51)$$, '23514'),
    ($$provider = '4111-1111-1111-1111'$$, '23514'), ($$event_id = ''$$, '23514'),
    ($$event_id = repeat('e', 256)$$, '23514'), ($$kind = ''$$, '23514'),
    ($$kind = repeat('k', 101)$$, '23514'), ($$kind = '4111111111111111'$$, '23514'),
    ($$reason = ''$$, '23514'), ($$reason = repeat('r', 501)$$, '23514'),
    ($$reason = '4111111111111111'$$, '23514'),
    ($$payload = to_jsonb(repeat('x', 200001))$$, '23514'),
    ($$status = 'gone', next_try_at = null$$, '23514'), ($$next_try_at = null$$, '23514'),
    ($$status = 'applied', next_try_at = null$$, '23514'), ($$reason = null$$, '23514'),
    ($$processed_at = clock_timestamp()$$, '23514'), ($$tries = -1$$, '23514'),
    ($$deliveries = 0$$, '23514'), ($$payload = '{"pan": "1"}'$$, '23514'),
    ($$payload = '{"card": {"cvv2": "123"}}'$$, '23514'),
    ($$event_id = '4111111111111111'$$, '23514'), ($$event_id = 'e1'$$, '23505')
) as b (change, sqlstate);

-- case: the days refuse
select throws_ok(
    format('update payment.payment_analytics set %s where provider = %L', b.change, 'fake'),
    b.sqlstate, null, b.change
)
from (
    values
    ($$attempts = -1$$, '23514'), ($$currency = 'XXX'$$, '23503'),
    ($$provider = 'other'$$, '23505')
) as b (change, sqlstate);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('payment')$$,
    $$
    values
    ('dispute_evidence', 'body erased_at file_uri submission submitted_at'),
    ('payment_analytics', 'approval_rate'),
    ('payment_disputes', 'closed_at evidence_due_at network_code outcome_reason submitted_at'),
    ('payment_methods', 'brand exp_month exp_year last4 removed_at token'),
    (
        'payment_transactions',
        'claimed_until completed_at dispute_id error_code error_reason provider_ref'
        || ' refund_id request_id'
    ),
    ('payments', 'auth_expires_at method_id'),
    ('provider_events', 'next_try_at order_id processed_at reason'),
    (
        'refunds',
        'closed_at decided_at decided_by error_code error_reason note processing_at'
        || ' request_id return_no'
    )
    $$,
    'columns that may be null'
);
