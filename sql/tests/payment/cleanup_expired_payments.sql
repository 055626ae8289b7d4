-- setup: Ann, mugs, and an order of three for 30 pounds
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;

-- case: what is left of an authorisation ends with it, what was captured stays
select pg_temp.capture(pg_temp.approve(p.n), 'cap-1', 12) from pg_temp.placed as p;
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
delete from events.outbox_events;
select results_eq(
    $$
    select r.payment = l.payment, r.what, r.amount::float8, r.error
    from payment.payment_list as l
    cross join lateral payment.cleanup_expired_payments() as r
    $$,
    $$values (true, 'expired', 18::float8, null::text)$$
);
select results_eq(
    'select l.status, l.authorized::float8, l.captured::float8 from payment.payment_list as l',
    $$values ('captured', 12::float8, 12::float8)$$
);
select results_eq(
    $$
    select l.kind, l.status, l.amount::float8
    from payment.payment_transaction_list as l
    where l.kind = 'expiry'
    $$,
    $$values ('expiry', 'succeeded', 18::float8)$$
);
select results_eq(
    $$
    select e.event_type, (e.payload ->> 'amount')::float8
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    $$,
    $$values ('payment.expired', 18::float8)$$
);
select is_empty('select r.* from payment.cleanup_expired_payments() as r', 'once');

-- case: what is due can then be paid anew
select pg_temp.approve(p.n) from pg_temp.placed as p;
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
select payment.cleanup_expired_payments();
select is(b.amount, 30, 'all of it')
from pg_temp.placed as p
cross join lateral payment.begin_payment(p.n, 'fake') as b;

-- case: a void that was asked for has nothing left to do
select pg_temp.approve(p.n) from pg_temp.placed as p;
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
select payment.cleanup_expired_payments();
select results_eq(
    $$
    select l.status, l.error_code
    from payment.payment_transaction_list as l
    where l.kind = 'void'
    $$,
    $$values ('failed', 'authorization_expired')$$
);

-- case: an attempt that nobody answered has failed; the order waits for another, or expires
select pg_temp.begin(p.n) from pg_temp.placed as p;
select is_empty('select r.* from payment.cleanup_expired_payments() as r', 'not yet');
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select results_eq(
    $$
    select r.what, r.amount::float8, r.error from payment.cleanup_expired_payments() as r
    $$,
    $$values ('unanswered', 30::float8, null::text)$$
);
select results_eq(
    $$
    select l.status, l.error_code from payment.payment_transaction_list as l
    $$,
    $$values ('failed', 'no_answer')$$
);
select is(pg_temp.status(p.n), 'pending/unpaid', 'the order waits') from pg_temp.placed as p;
select isnt(b.transaction, l.transaction, 'another one')
from payment.payment_transaction_list as l, pg_temp.placed as p
cross join lateral payment.begin_payment(p.n, 'other') as b;

-- case: the answer may come after that, and counts
create temporary table tried as
select pg_temp.begin(p.n) as t from pg_temp.placed as p;
select payment.process_payment_authorization(t.t, 'timed_out', p_error_code => 'gateway')
from pg_temp.tried as t;
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select payment.cleanup_expired_payments();
select is(l.error_code, 'gateway', 'why') from payment.payment_transaction_list as l;
select is(r.order_status, 'confirmed', 'late, but paid')
from pg_temp.tried as t
cross join lateral payment.process_payment_authorization(t.t, 'approved', 'late') as r;

-- case: a capture that nobody answered stays: it may have been made, and is tried with its key
select payment.begin_capture(pg_temp.approve(p.n)) from pg_temp.placed as p;
update payment.payment_transactions
set claimed_until = clock_timestamp() - interval '1 second' where claimed_until is not null;
select is_empty('select r.* from payment.cleanup_expired_payments() as r', 'left alone');

-- case: a broken one harms no other
select pg_temp.approve(n.n, n.n) from (select pg_temp.place() as n from generate_series(1, 2)) as n;
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
do $do$
begin
    execute format(
        'alter table payment.payments add constraint payments_broken_check '
        'check (phase <> %L or order_id <> %s)', 'expired',
        (select min(p.order_id) from payment.payments as p)
    );
end;
$do$;
select results_eq(
    $$
    select r.error like '23514:%'
    from payment.cleanup_expired_payments() as r
    order by r.error
    $$,
    'values (true), (null::boolean)'
);
select results_eq(
    'select l.status from payment.payment_list as l order by l.status',
    $$values ('authorized'), ('expired')$$
);

-- case: a call takes as many as it is told
select pg_temp.begin(pg_temp.place()) from generate_series(1, 3);
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select is(count(*)::integer, 2, 'two') from payment.cleanup_expired_payments(2);
select is(count(*)::integer, 1, 'one') from payment.cleanup_expired_payments(2);
select throws_ok(
    format('select payment.cleanup_expired_payments(%s)', b.bad), '22023', null, b.bad
)
from (values ('0'), ('null'), ('100001')) as b (bad);
