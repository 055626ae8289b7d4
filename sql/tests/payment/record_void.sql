-- setup: Ann, mugs, an order of three for 30 pounds, 40 authorised, and a void of 10 under way
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
    pg_temp.approve(p.n, 'auth-1', 40) as p
from (select pg_temp.place() as n) as p;
create temporary table tried as
select b.transaction as t
from pg_temp.placed as p
cross join lateral payment.begin_void(p.p, 10) as b;
delete from events.outbox_events;

-- case: what is given up is no longer authorised
select results_eq(
    $$
    select r.transaction_status, r.status, r.amount::float8, r.authorized::float8, r.error
    from pg_temp.tried as t
    cross join generate_series(1, 2)
    cross join lateral payment.record_void(t.t, 'succeeded', 'void-1') as r
    $$,
    $$
    values
    ('succeeded', 'authorized', 10::float8, 30::float8, null::text),
    ('succeeded', 'authorized', 10::float8, 30::float8, null)
    $$
);
select results_eq(
    $$
    select e.event_type, (e.payload ->> 'amount')::float8
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    $$,
    $$values ('payment.voided', 10::float8)$$
);

-- case: all of it, and the payment is void; of a partly captured one the rest
select payment.record_void(t.t, 'succeeded') from pg_temp.tried as t;
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
select payment.record_void(b.transaction, 'succeeded')
from pg_temp.placed as p
cross join lateral payment.begin_void(p.p) as b;
select is(b.status, 'voided', 'void') from pg_temp.placed as p, pg_temp.books(p.p) as b;

-- case: the void of what is left after a capture
select pg_temp.capture(p.p, 'cap-1', 30) from pg_temp.placed as p;
select results_eq(
    $$
    select r.status, r.authorized::float8, r.captured::float8
    from pg_temp.tried as t
    cross join lateral payment.record_void(t.t, 'succeeded') as r
    $$,
    $$values ('captured', 30::float8, 30::float8)$$
);

-- case: what was captured in the meantime is not given up
select payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'capture.succeeded', 'payment', p.p, 'provider_ref', 'cap-1', 'amount', 35
))
from pg_temp.placed as p;
select results_eq(
    $$
    select r.status, r.amount::float8, r.authorized::float8, r.captured::float8
    from pg_temp.tried as t
    cross join lateral payment.record_void(t.t, 'succeeded') as r
    $$,
    $$values ('captured', 5::float8, 35::float8, 35::float8)$$
);

-- case: where nothing was left, the step has failed for that reason, and no error
select payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'capture.succeeded', 'payment', p.p, 'provider_ref', 'cap-1', 'amount', 40
))
from pg_temp.placed as p;
select results_eq(
    $$
    select r.transaction_status, r.error, r.reason, r.captured::float8
    from pg_temp.tried as t
    cross join lateral payment.record_void(t.t, 'succeeded') as r
    $$,
    $$values ('failed', null::text, 'nothing_left', 40::float8)$$
);

-- case: a failure leaves the money where it was; a success after it counts, not the other way round
select results_eq(
    $$
    select r.transaction_status, r.error, r.reason, r.can_retry, r.authorized::float8
    from pg_temp.tried as t
    cross join lateral payment.record_void(t.t, 'failed', 'void-1', null, 'locked') as r
    $$,
    $$values ('failed', 'PAYMENT_FAILED', 'locked', true, 40::float8)$$
);
select is(r.authorized, 30, 'after all')
from pg_temp.tried as t
cross join lateral payment.record_void(t.t, 'succeeded', 'void-1') as r;
select throws_ok(
    format('select payment.record_void(%L, %L)', t.t, 'failed'), 'SHM09', null, 'final'
)
from pg_temp.tried as t;
select is(r.transaction_status, 'succeeded', 'who only waited is told')
from pg_temp.tried as t
cross join lateral payment.record_void(t.t, 'timed_out') as r;

-- case: after a time-out nobody knows, and it is tried again
select results_eq(
    $$
    select r.transaction_status, r.error, r.can_retry
    from pg_temp.tried as t
    cross join generate_series(1, 2)
    cross join lateral payment.record_void(t.t, 'timed_out') as r
    $$,
    $$values ('timed_out', 'PAYMENT_FAILED', true), ('timed_out', 'PAYMENT_FAILED', true)$$
);

-- case: one reference is one void, whatever payment it is said of
select payment.record_void(b.transaction, 'succeeded', 'theirs')
from (values (pg_temp.place(1))) as n (n)
cross join lateral pg_temp.approve(n.n, 'auth-2', 12) as p
cross join lateral payment.begin_void(p) as b;
select throws_ok(
    format('select payment.record_void(%L, %L, %L)', t.t, 'succeeded', 'theirs'), 'SHM10', null,
    'booked elsewhere'
)
from pg_temp.tried as t;

-- case: what is unknown or malformed is refused
select throws_ok(
    format('select payment.record_void(%s)', replace(b.arguments, 'T', t.t::text)), b.sqlstate,
    null, b.arguments
)
from pg_temp.tried as t
cross join (
    values
    ($$gen_random_uuid(), 'succeeded'$$, 'SHM02'), ($$'T', null$$, '22023'),
    ($$'T', 'voided'$$, '22023'), ($$'T', 'succeeded', ''$$, '22023'),
    ($$'T', 'succeeded', null, 0$$, '22023')
) as b (arguments, sqlstate);
