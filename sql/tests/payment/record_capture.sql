-- setup: Ann, mugs, an order of three for 30 pounds, authorised, and a capture of 20 under way
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create function pg_temp.books(p_payment uuid)
returns table (
    status text, authorized float8, captured float8, refund_pending float8, surplus float8
)
language sql
as $$
select
    l.status, l.authorized::float8, l.captured::float8, l.refund_pending::float8,
    l.surplus::float8
from payment.payment_list as l
where l.payment = p_payment
$$;
create temporary table placed as
select
    p.n,
    pg_temp.approve(p.n) as p
from (select pg_temp.place() as n) as p;
create temporary table tried as
select b.transaction as t
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p, 20) as b;
delete from events.outbox_events;

-- case: a capture is booked: payment, order and event
select results_eq(
    $$
    select
        r.transaction = t.t, r.transaction_status, r.status, r.amount::float8,
        r.authorized::float8, r.captured::float8, r.error, r.order_status, r.payment_status
    from pg_temp.tried as t
    cross join lateral payment.record_capture(t.t, 'succeeded', 'cap-1') as r
    $$,
    $$
    values (
        true, 'succeeded', 'partially_captured', 20::float8, 30::float8, 20::float8, null::text,
        'confirmed', 'partially_paid'
    )
    $$
);
select results_eq(
    $$
    select e.event_type, (e.payload ->> 'captured')::float8
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    $$,
    $$values ('payment.captured', 20::float8)$$
);
select pg_temp.capture(p.p, 'cap-2') from pg_temp.placed as p;
select is(pg_temp.status(p.n), 'confirmed/paid', 'the rest') from pg_temp.placed as p;

-- case: a repetition, by call or by event, in any order, is the same capture
select payment.record_capture(t.t, 'succeeded', 'cap-1')
from pg_temp.tried as t
cross join generate_series(1, 2);
select is(r.status, 'ignored', 'the event')
from pg_temp.tried as t
cross join lateral payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'capture.succeeded', 'transaction', t.t, 'provider_ref', 'cap-1', 'amount', 20
)) as r;
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values ('partially_captured', 30::float8, 20::float8, 0::float8, 0::float8)$$
);

-- case: the event first, and then the answer
select is(r.status, 'applied', 'the event')
from pg_temp.placed as p
cross join lateral payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'capture.succeeded', 'payment', p.p, 'provider_ref', 'cap-1', 'amount', 20
)) as r;
select is(r.captured, 20, 'once')
from pg_temp.tried as t
cross join lateral payment.record_capture(t.t, 'succeeded', 'cap-1') as r;
select is(count(*)::integer, 1, 'one step')
from payment.payment_transaction_list as l
where l.kind = 'capture';

-- case: a failure leaves the money where it was, and another try is another transaction
select results_eq(
    $$
    select r.transaction_status, r.status, r.error, r.reason, r.can_retry, r.captured::float8
    from pg_temp.tried as t
    cross join lateral payment.record_capture(
        t.t, 'failed', p_error_code => 'processor_down', p_error_reason => 'Try later'
    ) as r
    $$,
    $$
    values ('failed', 'authorized', 'PAYMENT_FAILED', 'processor_down', true, 0::float8)
    $$
);
select isnt(b.transaction, t.t, 'another one')
from pg_temp.tried as t, pg_temp.placed as p
cross join lateral payment.begin_capture(p.p, 20) as b;

-- case: a success after a failure, or after a time-out, counts; a failure after a success does not
select payment.record_capture(t.t, o.outcome, o.ref)
from pg_temp.tried as t
cross join (
    values (1, 'timed_out', null), (2, 'failed', 'cap-1'), (3, 'succeeded', 'cap-1'),
    (4, 'timed_out', null)
) as o (position, outcome, ref);
select is(l.captured, 20, 'counted') from payment.payment_list as l;
select throws_ok(
    format('select payment.record_capture(%L, %L)', t.t, 'failed'), 'SHM09', null, 'final'
)
from pg_temp.tried as t;

-- case: a capture that failed, was tried again, and then succeeded twice is refunded once
select payment.record_capture(t.t, 'failed') from pg_temp.tried as t;
select pg_temp.capture(p.p, 'cap-2', 30) from pg_temp.placed as p;
select payment.record_capture(t.t, 'succeeded', 'cap-1')
from pg_temp.tried as t
cross join generate_series(1, 2);
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values ('captured', 50::float8, 50::float8, 20::float8, 20::float8)$$
);
select results_eq(
    'select r.amount::float8, r.reason_code, r.status from payment.refunds as r',
    $$values (20::float8, 'surplus', 'approved')$$
);

-- case: captured twice by the provider under one key, the second one goes back by itself
select payment.record_capture(t.t, 'succeeded', c.ref)
from pg_temp.tried as t
cross join (values ('cap-1'), ('cap-2'), ('cap-1'), ('cap-2')) as c (ref);
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values ('captured', 40::float8, 40::float8, 10::float8, 10::float8)$$
);

-- case: more than was asked for is booked, and what is too much goes back
select payment.record_capture(t.t, 'succeeded', 'cap-1', 35) from pg_temp.tried as t;
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values ('captured', 35::float8, 35::float8, 5::float8, 5::float8)$$
);

-- case: less than was asked for leaves the rest to be captured
select payment.record_capture(t.t, 'succeeded', 'cap-1', 15) from pg_temp.tried as t;
select is(b.amount, 15, 'the rest')
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;

-- case: a final capture lets the rest go
select payment.record_capture(t.t, 'failed') from pg_temp.tried as t;
select orders.cancel_order(p.n, '[{"line_no": 1, "quantity": 1}]', 'one too many')
from pg_temp.placed as p;
select payment.record_capture(b.transaction, 'succeeded', 'cap-1')
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p, null, true) as b;
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values ('captured', 20::float8, 20::float8, 0::float8, 0::float8)$$
);
select results_eq(
    $$
    select l.kind, l.status, l.amount::float8, l.error_reason
    from payment.payment_transaction_list as l
    where l.kind = 'void'
    $$,
    $$values ('void', 'succeeded', 10::float8, 'implied by a final capture')$$
);

-- case: what was captured although it had expired, or was void, is there and is dealt with
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
select payment.cleanup_expired_payments();
select is(b.authorized, 0::float8, 'over') from pg_temp.placed as p, pg_temp.books(p.p) as b;
select payment.record_capture(t.t, 'succeeded', 'cap-1') from pg_temp.tried as t;
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values ('captured', 20::float8, 20::float8, 0::float8, 0::float8)$$
);

-- case: captured for an order that was cancelled meanwhile, it goes back
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
select payment.record_capture(t.t, 'succeeded', 'cap-1') from pg_temp.tried as t;
select results_eq(
    $$select b.captured, b.refund_pending from pg_temp.placed as p, pg_temp.books(p.p) as b$$,
    $$values (20::float8, 20::float8)$$
);

-- case: one reference is one capture, whatever payment it is said of
select pg_temp.capture(pg_temp.approve(n.n, 'auth-2'), 'theirs')
from (values (pg_temp.place(1))) as n (n);
select throws_ok(
    format('select payment.record_capture(%L, %L, %L)', t.t, 'succeeded', 'theirs'), 'SHM10', null,
    'booked elsewhere'
)
from pg_temp.tried as t;

-- case: the numbers of steps and references are the provider's, who may use one for both
select payment.record_capture(t.t, 'succeeded', 'auth-1') from pg_temp.tried as t;
select is(l.captured, 20, 'of another kind') from payment.payment_list as l;

-- case: what is unknown or malformed is refused
select throws_ok(
    format('select payment.record_capture(%s)', replace(b.arguments, 'T', t.t::text)), b.sqlstate,
    null, b.arguments
)
from pg_temp.tried as t
cross join (
    values
    ($$gen_random_uuid(), 'succeeded', 'a'$$, 'SHM02'), ($$'T', null$$, '22023'),
    ($$'T', 'approved', 'a'$$, '22023'), ($$'T', 'succeeded'$$, '22023'),
    ($$'T', 'succeeded', 'a', -1$$, '22023')
) as b (arguments, sqlstate);
select throws_ok(
    format('select payment.record_capture(%L, %L, %L)', l.transaction, 'succeeded', 'a'), 'SHM02',
    null, 'an authorisation is no capture'
)
from payment.payment_transaction_list as l
where l.kind = 'authorize';
