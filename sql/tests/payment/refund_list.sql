-- setup: an order of 30.00 that is paid, of which 12.00 are asked for
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
delete from events.outbox_events;

-- case: a worker sees what it has to do, also where another one has died over it
select is(l.is_due, false, 'requested') from payment.refund_list as l;
select payment.decide_refund(a.refund, 'approved')
from asked as a;
select is(l.is_due, true, 'approved') from payment.refund_list as l;
select payment.begin_refund(a.refund)
from asked as a;
select is(l.is_due, false, 'claimed') from payment.refund_list as l;
update payment.payment_transactions as t
set claimed_until = now() - interval '1 min'
where t.kind = 'refund';
select is(l.is_due, true, 'never answered') from payment.refund_list as l;
select payment.record_refund(t.public_id, 'succeeded', 're_1')
from payment.payment_transactions as t
where t.kind = 'refund';
select is(l.is_due, false, 'done') from payment.refund_list as l;

-- case: a refund says whose it is, and who asked
select results_eq(
    $$
    select
        l.refund = a.refund, l.order_number = p.order_number, l.payment = p.payment, l.provider,
        l.amount, l.currency, l.reason_code, l.note, l.status, l.requested_by, l.decided_by,
        l.closed_at, l.version
    from payment.refund_list as l
    cross join pg_temp.asked as a
    cross join pg_temp.paid as p
    $$,
    $$
    values (
        true, true, true, 'acme', 12::numeric, 'EUR', 'requested_by_customer', null::text,
        'requested', 'staff:anna', null::text, null::timestamptz, 1::bigint
    )
    $$
);
