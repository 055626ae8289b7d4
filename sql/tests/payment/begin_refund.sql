-- setup: an order of 30.00 that is paid, of which 12.00 are to be refunded
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
delete from events.outbox_events;

-- case: the claim has a key for the provider, and what it calls the capture
select results_eq(
    $$
    select
        b.refund = a.refund, b.payment = p.payment, b.transaction is not null, b.amount,
        b.currency, b.provider, b.capture_ref,
        b.claimed_until between now() + interval '14 min' and now() + interval '16 min',
        b.is_repetition
    from pg_temp.asked as a
    cross join pg_temp.paid as p
    cross join lateral payment.begin_refund(a.refund) as b
    $$,
    $$values (true, true, true, 12::numeric, 'EUR', 'acme', 'ch_1', true, false)$$
);
select results_eq(
    'select l.status, l.version from payment.refund_list as l', $$values ('processing', 3::bigint)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e', $$values ('refund.processing')$$
);

-- case: begun again it has the same key, and is claimed anew once the claim has ended
create temporary table first as
select b.transaction
from asked as a
cross join lateral payment.begin_refund(a.refund) as b;
select results_eq(
    $$
    select b.transaction, b.is_repetition
    from pg_temp.asked as a
    cross join lateral payment.begin_refund(a.refund) as b
    $$,
    'select f.transaction, true from pg_temp.first as f',
    'while it is claimed'
);
select is(t.attempts, 1) from payment.payment_transactions as t where t.kind = 'refund';
update payment.payment_transactions as t
set claimed_until = now() - interval '1 min'
where t.kind = 'refund';
select results_eq(
    $$
    select b.transaction, b.is_repetition, b.claimed_until > now()
    from pg_temp.asked as a
    cross join lateral payment.begin_refund(a.refund) as b
    $$,
    'select f.transaction, true, true from pg_temp.first as f',
    'after that'
);
select is(t.attempts, 2) from payment.payment_transactions as t where t.kind = 'refund';
select payment.record_refund(f.transaction, 'timed_out')
from first as f;
select results_eq(
    $$
    select b.transaction
    from pg_temp.asked as a
    cross join lateral payment.begin_refund(a.refund) as b
    $$,
    'table pg_temp.first',
    'after a time-out'
);
select results_eq(
    'select t.attempts, t.status from payment.payment_transactions as t where t.kind = ''refund''',
    $$values (3, 'pending')$$
);

-- case: what is not approved, or over, is not begun
select throws_ok(
    format('select payment.begin_refund(%L)', r.refund), 'SHO30', null, 'requested'
)
from paid as p
cross join lateral payment.request_refund(p.order_number, 1) as r;
select payment.decide_refund(a.refund, 'cancelled')
from asked as a;
select throws_ok(format('select payment.begin_refund(%L)', a.refund), 'SHO30', null, 'cancelled')
from asked as a;
select throws_ok('select payment.begin_refund(gen_random_uuid())', 'SHM31', null, 'unknown');
select throws_ok('select payment.begin_refund(null)', 'SHM31', null, 'null');

-- case: the same key gets the stored answer
create temporary table keyed as
select b.transaction
from asked as a
cross join lateral payment.begin_refund(a.refund, 'k') as b;
select results_eq(
    $$
    select b.transaction
    from pg_temp.asked as a
    cross join lateral payment.begin_refund(a.refund, 'k') as b
    $$,
    'table pg_temp.keyed'
);
select throws_ok('select payment.begin_refund(gen_random_uuid(), ''k'')', 'SHC01', null);
