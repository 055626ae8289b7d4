-- setup: Ann, mugs, and an order of three for 30 pounds whose payment is authorised
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select
    p.n,
    pg_temp.approve(p.n) as p
from (select pg_temp.place() as n) as p;
delete from events.outbox_events;
create function pg_temp.late()
returns void
language sql
as $$
update payment.payment_transactions
set claimed_until = clock_timestamp() - interval '1 second' where claimed_until is not null
$$;

-- case: a capture whose worker has died is found, and is the same step with the same key
select payment.begin_capture(p.p, 30, true) from pg_temp.placed as p;
create temporary table begun as
select t.public_id
from payment.payment_transactions as t
where t.kind = 'capture';
select is_empty('select r.* from payment.claim_overdue_steps() as r', 'it is waited for');
select pg_temp.late();
delete from events.outbox_events;
select results_eq(
    $$
    select
        r.transaction = b.public_id, r.kind, r.order_number = p.n, r.payment = p.p, r.refund,
        r.amount::float8, r.currency, r.is_final, r.provider, r.original_ref, r.attempts,
        r.claimed_until > clock_timestamp() + interval '14 minutes'
    from payment.claim_overdue_steps() as r
    cross join pg_temp.placed as p
    cross join pg_temp.begun as b
    $$,
    $$
    values (
        true, 'capture', true, true, null::uuid, 30::float8, 'GBP', true, 'fake', 'auth-1', 2, true
    )
    $$
);
select results_eq(
    'select e.event_type from events.outbox_events as e', array['payment.capture_retried']
);
select is_empty('select r.* from payment.claim_overdue_steps() as r', 'it is somebody''s again');
select is(r.captured, 30, 'what came of it') from pg_temp.begun as b
cross join lateral payment.record_capture(b.public_id, 'succeeded', 'cap-1') as r;

-- case: no outcome is assumed, however often nobody answers
select payment.begin_capture(p.p) from pg_temp.placed as p;
select pg_temp.late() from generate_series(1, 2);
select payment.cleanup_expired_payments();
select is(r.attempts, 2, 'not ended by the job') from payment.claim_overdue_steps() as r;
select pg_temp.late();
select is(r.attempts, 3) from payment.claim_overdue_steps() as r;
select is(p.captured, 0, 'not taken') from payment.payments as p;
select is(t.status, 'pending', 'not failed')
from payment.payment_transactions as t
where t.kind = 'capture';

-- case: a capture of an order that was cancelled meanwhile still has to be asked about
select payment.begin_capture(p.p) from pg_temp.placed as p;
select orders.cancel_order(p.n, p_reason => 'test') from pg_temp.placed as p;
select pg_temp.late();
select payment.record_capture(r.transaction, 'succeeded', 'cap-1')
from payment.claim_overdue_steps() as r
where r.kind = 'capture';
select is(p.refund_pending, 30, 'it was taken, and goes back') from payment.payments as p;

-- case: a void that was requested, and one that was begun
select orders.cancel_order(p.n, p_reason => 'test') from pg_temp.placed as p;
select results_eq(
    $$
    select r.kind, r.amount::float8, r.original_ref, r.attempts
    from payment.claim_overdue_steps() as r
    $$,
    $$values ('void', 30::float8, 'auth-1', 1)$$
);
select pg_temp.late();
select is(r.attempts, 2) from payment.claim_overdue_steps() as r;

-- case: a refund keeps its money aside until its outcome is known
select pg_temp.capture(p.p) from pg_temp.placed as p;
create temporary table asked as
select r.refund
from pg_temp.placed as p
cross join lateral payment.request_refund(p.n, 12) as r;
select payment.decide_refund(a.refund, 'approved') from pg_temp.asked as a;
select payment.begin_refund(a.refund) from pg_temp.asked as a;
select pg_temp.late();
delete from events.outbox_events;
select results_eq(
    $$
    select r.kind, r.refund = a.refund, r.amount::float8, r.original_ref, r.attempts
    from payment.claim_overdue_steps() as r
    cross join pg_temp.asked as a
    $$,
    $$values ('refund', true, 12::float8, 'cap-1', 2)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e', array['refund.retried']
);
select is(p.refund_pending, 12) from payment.payments as p;

-- case: a time-out is waited out, and the longest overdue goes first
select payment.begin_capture(p.p, 12) from pg_temp.placed as p;
select payment.record_capture(t.public_id, 'timed_out')
from payment.payment_transactions as t
where t.kind = 'capture';
select is_empty('select r.* from payment.claim_overdue_steps() as r');
select pg_temp.late();
create temporary table second as
select pg_temp.approve(p.n, 'auth-2') as p
from (select pg_temp.place() as n) as p;
select payment.begin_capture(s.p, 7) from pg_temp.second as s;
update payment.payment_transactions
set claimed_until = clock_timestamp() - interval '1 hour' where amount = 7;
select is(r.amount, 7) from payment.claim_overdue_steps(1) as r;
select is(r.amount, 12) from payment.claim_overdue_steps(1) as r;

-- case: what is to be authorised is not taken up here: the customer is there to try again
select pg_temp.begin(pg_temp.place());
select pg_temp.late();
select is_empty('select r.* from payment.claim_overdue_steps() as r');

-- case: a limit is a number of steps
select throws_ok(
    format('select payment.claim_overdue_steps(%s)', b.bad), '22023', null, b.bad
)
from (values ('0'), ('-1'), ('null'), ('10001')) as b (bad);
