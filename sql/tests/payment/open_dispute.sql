-- setup: an order of 30.00 that is paid
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_in_euros();
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
delete from events.outbox_events;

-- case: a dispute takes its money at once
select results_eq(
    $$
    select
        d.payment = p.payment, d.status, d.amount, d.counted, d.currency, d.charged_back,
        d.evidence_due_at between now() + interval '6 days' and now() + interval '8 days',
        d.submission_count, d.version
    from pg_temp.paid as p
    cross join lateral payment.open_dispute(
        p.payment, 'dp_1', 'fraudulent', 20, p_network_code => '10.4'
    ) as d
    $$,
    $$
    values (
        true, 'needs_response', 20::numeric, 20::numeric, 'EUR', 20::numeric, true, 0, 1::bigint
    )
    $$
);
select results_eq(
    $$
    select t.amount, t.provider_ref
    from payment.payment_transactions as t
    where t.kind = 'chargeback'
    $$,
    $$values (20::numeric, 'dp_1')$$
);
select results_eq(
    'select l.reason_code, l.network_code, l.is_urgent from payment.dispute_list as l',
    $$values ('fraudulent', '10.4', false)$$
);
select is(o.payment_status, 'disputed')
from orders.orders as o;
select results_eq(
    'select e.event_type, e.aggregate_type from events.outbox_events as e order by e.event_id',
    $$
    values
    ('payment.charged_back', 'payment'), ('dispute.needs_response', 'dispute'),
    ('order.payment_changed', 'order')
    $$
);
select throws_ok(
    format('select payment.request_refund(%L, 10.01)', p.order_number), 'SHM30', null,
    'what is contested is not refunded as well'
)
from paid as p;

-- case: refunds that were not sent make room, the newest first
select payment.request_refund(p.order_number, 5)
from paid as p;
select payment.request_refund(p.order_number, 10)
from paid as p;
select is(d.counted, 20::numeric)
from paid as p
cross join lateral payment.open_dispute(p.payment, 'dp_1', 'fraudulent', 20) as d;
select results_eq(
    'select l.amount, l.status, l.error_reason from payment.refund_list as l order by l.refund_id',
    $$values (5::numeric, 'requested', null), (10, 'cancelled', 'disputed')$$
);

-- case: one that is with the provider does not, and its money is taken if it comes to nothing
create temporary table begun as
select b.transaction
from paid as p
cross join lateral payment.request_refund(p.order_number, 20) as r
cross join lateral payment.decide_refund(r.refund, 'approved') as x
cross join lateral payment.begin_refund(x.refund) as b;
select results_eq(
    $$
    select d.amount, d.counted, d.charged_back
    from pg_temp.paid as p
    cross join lateral payment.open_dispute(p.payment, 'dp_1', 'fraudulent') as d
    $$,
    'values (30::numeric, 10::numeric, 10::numeric)'
);
select payment.record_refund(b.transaction, 'failed')
from begun as b;
select is(d.counted, 30::numeric) from payment.dispute_list as d;

-- case: a warning takes nothing until it becomes a dispute
select results_eq(
    $$
    select d.status, d.counted
    from pg_temp.paid as p
    cross join lateral payment.open_dispute(p.payment, 'dp_1', 'general', p_is_warning => true) as d
    $$,
    $$values ('warning', 0::numeric)$$
);
select results_eq(
    $$
    select d.status, d.counted, d.evidence_due_at
    from pg_temp.paid as p
    cross join lateral payment.open_dispute(
        p.payment, 'dp_1', 'general', p_evidence_due_at => '2099-01-01Z'
    ) as d
    $$,
    $$values ('needs_response', 30::numeric, '2099-01-01Z'::timestamptz)$$
);
select is(count(*), 1::bigint, 'one dispute') from payment.payment_disputes;

-- case: said again, it is done once
select payment.open_dispute(p.payment, 'dp_1', 'fraudulent')
from paid as p;
delete from events.outbox_events;
select is(d.version, 1::bigint)
from paid as p
cross join lateral payment.open_dispute(p.payment, 'dp_1', 'fraudulent') as d;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is malformed or unknown is refused
select throws_ok(
    format(
        'select payment.open_dispute(%L, %L, %L, %L, %L)', coalesce(b.payment, p.payment::text),
        b.name, b.reason, b.amount, b.is_warning
    ),
    b.sqlstate, null, b.what
)
from paid as p
cross join (
    values
    (gen_random_uuid()::text, 'dp_1', 'fraudulent', null, 'false', 'SHM01', 'no such payment'),
    (null, null, 'fraudulent', null, 'false', '22023', 'no name'),
    (null, 'dp_1', null, null, 'false', '22023', 'no reason'),
    (null, 'dp_1', repeat('r', 101), null, 'false', '22023', 'a long reason'),
    (null, 'dp_1', 'fraudulent', '0', 'false', '22023', 'nothing'),
    (null, 'dp_1', 'fraudulent', '1.001', 'false', '22023', 'less than a cent'),
    (null, 'dp_1', 'fraudulent', '30.01', 'false', '22023', 'more than was captured'),
    (null, 'dp_1', 'fraudulent', '1', null, '22023', 'neither a warning nor none')
) as b (payment, name, reason, amount, is_warning, sqlstate, what);
select throws_ok(
    format('select payment.open_dispute(%L, %L, %L)', a.payment, 'dp_2', 'fraudulent'), '22023',
    null, 'nothing was captured'
)
from pg_temp.place_as_guest(1) as o (order_number)
cross join lateral (select pg_temp.authorise(o.order_number, '2') as payment) as a;

-- case: a provider's name for a dispute is one payment's
select payment.open_dispute(p.payment, 'dp_1', 'fraudulent')
from paid as p;
select throws_ok(
    format('select payment.open_dispute(%L, %L, %L)', a.payment, 'dp_1', 'fraudulent'), 'SHM10',
    null
)
from pg_temp.place_as_guest(1) as o (order_number)
cross join lateral (select pg_temp.pay(o.order_number, '2') as payment) as a;

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select d.dispute
from paid as p
cross join lateral payment.open_dispute(
    p.payment, 'dp_1', 'a', 5, false, '2040-01-01 12:00+00', null, 'k'
) as d;
set local timezone = 'Asia/Tokyo';
select results_eq(
    $$
    select d.dispute
    from pg_temp.paid as p
    cross join lateral payment.open_dispute(
        p.payment, 'dp_1', 'a', 5.00, false, '2040-01-01 21:00+09', null, 'k'
    ) as d
    $$,
    'table pg_temp.first',
    'the same amount and moment, in the words of another client'
);
select throws_ok(
    format(
        'select payment.open_dispute(%L, %L, %L, p_idempotency_key => %L)', p.payment, 'dp_1', 'b',
        'k'
    ),
    'SHC01', null
)
from paid as p;
