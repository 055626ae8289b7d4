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

-- case: the money is the shop's again, and is not sent back by itself
select results_eq(
    $$
    select r.status, r.refunded, r.refund_pending, r.refundable, r.version
    from pg_temp.asked as a
    cross join lateral payment.reverse_refund(a.refund, 'rr_1', 'Account closed') as r
    $$,
    $$values ('reversed', 0::numeric, 0::numeric, 30::numeric, 5::bigint)$$
);
select results_eq(
    $$
    select t.amount, t.provider_ref, t.status
    from payment.payment_transactions as t
    where t.kind = 'refund_reversal'
    $$,
    $$values (12::numeric, 'rr_1', 'succeeded')$$
);
select is(o.payment_status, 'paid')
from orders.orders as o;
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('refund.reversed'), ('payment.refund_reversed'), ('order.payment_changed')$$
);

-- case: said twice, it is done once
select payment.reverse_refund(a.refund, 'rr_1')
from asked as a;
delete from events.outbox_events;
select is(r.refundable, 30::numeric)
from asked as a
cross join lateral payment.reverse_refund(a.refund, 'rr_1') as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what the provider calls it is one refund's
create temporary table second as
select r.refund
from pg_temp.paid as p
cross join lateral payment.request_refund(p.order_number, 5) as r;
select payment.decide_refund(s.refund, 'approved') from pg_temp.second as s;
select payment.record_refund(b.transaction, 'succeeded', 're_2')
from pg_temp.second as s
cross join lateral payment.begin_refund(s.refund) as b;
select payment.reverse_refund(a.refund, 'rr_1') from pg_temp.asked as a;
select throws_ok(
    format('select payment.reverse_refund(%L, %L)', s.refund, 'rr_1'), 'SHM10', null, 'taken'
)
from pg_temp.second as s;

-- case: a dispute that found the money gone takes it now
select payment.open_dispute(p.payment, 'dp_1', 'fraudulent')
from paid as p;
select is(d.counted, 18::numeric, 'what was there') from payment.dispute_list as d;
select payment.reverse_refund(a.refund, 'rr_1')
from asked as a;
select is(d.counted, 30::numeric, 'all of it') from payment.dispute_list as d;

-- case: only what succeeded comes back
select throws_ok(
    format('select payment.reverse_refund(%L, %L)', r.refund, 'rr_2'), 'SHO30', null, 'requested'
)
from paid as p
cross join lateral payment.request_refund(p.order_number, 1) as r;
select throws_ok('select payment.reverse_refund(gen_random_uuid(), ''rr_2'')', 'SHM31', null);
select throws_ok(
    format('select payment.reverse_refund(%L, %L)', a.refund, b.ref), '22023', null,
    coalesce(b.ref, 'null')
)
from asked as a
cross join (values (null), ('')) as b (ref);

-- case: the same key and request get the stored answer, another request is refused
select payment.reverse_refund(a.refund, 'rr_1', p_idempotency_key => 'k')
from asked as a;
select is(r.version, 5::bigint)
from asked as a
cross join lateral payment.reverse_refund(a.refund, 'rr_1', p_idempotency_key => 'k') as r;
select throws_ok(
    format('select payment.reverse_refund(%L, %L, null, %L)', a.refund, 'rr_2', 'k'), 'SHC01', null
)
from asked as a;
