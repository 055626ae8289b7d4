-- setup: an order of 30.00 that is paid, of which 12.00 were refunded
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_in_euros();
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
create temporary table asked as
select r.refund
from paid as p
cross join lateral payment.request_refund(p.order_number, 12) as r;
select payment.decide_refund(a.refund, 'approved')
from asked as a;
create temporary table begun as
select b.transaction
from asked as a
cross join lateral payment.begin_refund(a.refund) as b;
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from begun as b;
delete from events.outbox_events;

-- case: a day's figures
select payment.record_settlement(p.payment, 'po_1', 30, 0.9)
from paid as p;
select payment.open_dispute(p.payment, 'dp_1', 'general', 10)
from paid as p;
select payment.process_payment_authorization(b.transaction, 'declined')
from pg_temp.place_as_guest(1) as o (order_number)
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
select results_eq(
    'select * from payment.roll_up_payment_analytics()', 'values (8, 1::bigint, 0::bigint)'
);
select results_eq(
    $$
    select
        l.day, l.provider, l.currency, l.attempts, l.approved, l.declined, l.timed_out,
        l.approval_rate, l.authorized_amount, l.captures, l.captured_amount, l.refunds,
        l.refunded_amount, l.disputes, l.disputed_amount, l.settled_amount, l.fee_amount
    from payment.payment_analytics_list as l
    $$,
    $$
    values (
        (now() at time zone 'UTC')::date, 'acme', 'EUR', 2::bigint, 1::bigint, 1::bigint, 0::bigint,
        0.5::numeric, 30::numeric, 1::bigint, 30::numeric, 1::bigint, 12::numeric, 1::bigint,
        10::numeric, 30::numeric, 0.9::numeric
    )
    $$
);

-- case: what was never answered is no refusal
select payment.begin_payment(o.order_number, 'acme')
from pg_temp.place_as_guest(1) as o (order_number);
update payment.payment_transactions
set claimed_until = now() - interval '1 min'
where status = 'pending';
select payment.cleanup_expired_payments();
select payment.roll_up_payment_analytics();
select results_eq(
    'select l.attempts, l.approved, l.declined, l.timed_out
    from payment.payment_analytics_list as l',
    'values (2::bigint, 1::bigint, 0::bigint, 1::bigint)'
);

-- case: however often it runs, the result is the same
select payment.roll_up_payment_analytics();
select payment.roll_up_payment_analytics();
select results_eq(
    'select l.attempts, l.captured_amount from payment.payment_analytics_list as l',
    'values (1::bigint, 30::numeric)'
);

-- case: what came back, and what was won, is taken off
select payment.reverse_refund(a.refund, 'rr_1')
from asked as a;
select payment.resolve_dispute(d.dispute, 'won')
from paid as p
cross join lateral payment.open_dispute(p.payment, 'dp_1', 'general', 10) as d;
select payment.roll_up_payment_analytics();
select results_eq(
    'select l.refunds, l.refunded_amount, l.disputes, l.disputed_amount
    from payment.payment_analytics_list as l',
    'values (1::bigint, 0::numeric, 1::bigint, 0::numeric)'
);

-- case: days are counted in UTC, and a day that nothing is left of goes away
update payment.payment_transactions
set completed_at = date_trunc('day', now(), 'UTC') - interval '1 second';
select payment.roll_up_payment_analytics();
select results_eq(
    'select l.day from payment.payment_analytics_list as l',
    $$values ((now() at time zone 'UTC')::date - 1)$$
);
update payment.payment_transactions
set completed_at = date_trunc('day', now(), 'UTC') - interval '2 days';
select results_eq(
    'select * from payment.roll_up_payment_analytics()', 'values (8, 1::bigint, 1::bigint)'
);

-- case: other days are left alone
select payment.roll_up_payment_analytics();
select results_eq(
    $$select * from payment.roll_up_payment_analytics('2020-01-01', '2020-01-31')$$,
    'values (31, 0::bigint, 0::bigint)'
);
select is(count(*), 1::bigint) from payment.payment_analytics;

-- case: days that are malformed are refused
select throws_ok(
    format('select payment.roll_up_payment_analytics(%L, %L)', b.first, b.last), '22023', null,
    b.what
)
from (
    values ('2026-01-02', '2026-01-01', 'backwards'), ('2020-01-01', '2026-01-01', 'years')
) as b (first, last, what);
