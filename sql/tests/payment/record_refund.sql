-- setup: an order of 30.00 that is paid, and a refund of 12.00 that is with the provider
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
delete from events.outbox_events;

-- case: a refund that succeeded is off the payment
select results_eq(
    $$
    select r.status, r.amount, r.refunded, r.refund_pending, r.refundable, r.error
    from pg_temp.begun as b
    cross join lateral payment.record_refund(b.transaction, 'succeeded', 're_1') as r
    $$,
    $$values ('succeeded', 12::numeric, 12::numeric, 0::numeric, 18::numeric, null::text)$$
);
select results_eq(
    'select o.status, o.payment_status from orders.orders as o',
    $$values ('confirmed', 'partially_refunded')$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('refund.succeeded'), ('payment.refunded'), ('order.payment_changed')$$
);

-- case: said again, it is done once
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from begun as b;
delete from events.outbox_events;
select is(r.refunded, 12::numeric)
from begun as b
cross join lateral payment.record_refund(b.transaction, 'succeeded', 're_1') as r;
select lives_ok(format('select payment.record_refund(%L, %L)', b.transaction, 'timed_out'))
from begun as b;
select is_empty('table events.outbox_events', 'nothing was written');
select throws_ok(
    format('select payment.record_refund(%L, %L)', b.transaction, 'failed'), 'SHM09', null,
    'a failure after the success'
)
from begun as b;
select throws_ok(
    format('select payment.record_refund(%L, %L, %L)', b.transaction, 'succeeded', 're_2'),
    'SHM09', null, 'paid under another name'
)
from begun as b;

-- case: a failure frees the money, and the provider's words are kept
select results_eq(
    $$
    select r.status, r.refund_pending, r.refundable, r.error, r.reason, r.message
    from pg_temp.begun as b
    cross join lateral payment.record_refund(
        b.transaction, 'failed', null, 'card_closed', 'No such account, card 4111111111111111'
    ) as r
    $$,
    $$
    values (
        'failed', 0::numeric, 30::numeric, 'PAYMENT_FAILED', 'card_closed',
        'No such account, card ****************'
    )
    $$
);
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('refund.failed'), ('payment.refund_failed')$$
);
select lives_ok(format('select payment.request_refund(%L, 30)', p.order_number), 'another way')
from paid as p;

-- case: a success after a failure counts, and another refund that was not sent makes room
select payment.record_refund(b.transaction, 'failed')
from begun as b;
select payment.request_refund(p.order_number, 30)
from paid as p;
select results_eq(
    $$
    select r.status, r.refunded, r.refund_pending
    from pg_temp.begun as b
    cross join lateral payment.record_refund(b.transaction, 'succeeded', 're_1') as r
    $$,
    $$values ('succeeded', 12::numeric, 0::numeric)$$
);
select results_eq(
    'select l.status, l.amount from payment.refund_list as l order by l.refund_id',
    $$values ('succeeded', 12::numeric), ('cancelled', 30)$$
);

-- case: where the money has gone otherwise, it is refused
select payment.record_refund(b.transaction, 'failed')
from begun as b;
select payment.begin_refund(d.refund)
from paid as p
cross join lateral payment.request_refund(p.order_number, 25) as r
cross join lateral payment.decide_refund(r.refund, 'approved') as d;
select throws_ok(
    format('select payment.record_refund(%L, %L, %L)', b.transaction, 'succeeded', 're_1'),
    'SHM30', null
)
from begun as b;

-- case: nobody knows: the money stays aside
select results_eq(
    $$
    select r.status, r.refund_pending, r.error, r.reason
    from pg_temp.begun as b
    cross join lateral payment.record_refund(b.transaction, 'timed_out') as r
    $$,
    $$values ('processing', 12::numeric, 'PAYMENT_FAILED', 'timed_out')$$
);
select payment.record_refund(b.transaction, 'timed_out')
from begun as b;
select results_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('refund.timed_out', 4::bigint)$$,
    'said twice, once'
);

-- case: accepted by the provider, it is heard of later
select results_eq(
    $$
    select r.status, r.refund_pending, r.error
    from pg_temp.begun as b
    cross join lateral payment.record_refund(b.transaction, 'pending', 're_1') as r
    $$,
    $$values ('processing', 12::numeric, null::text)$$
);
select is(t.claimed_until > now() + interval '23 hours', true)
from payment.payment_transactions as t
where t.kind = 'refund';
select is(r.status, 'succeeded')
from begun as b
cross join lateral payment.record_refund(b.transaction, 'succeeded', 're_1') as r;

-- case: a reference is one refund's
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from begun as b;
create temporary table other as
select x.transaction
from paid as p
cross join lateral payment.request_refund(p.order_number, 1) as r
cross join lateral payment.decide_refund(r.refund, 'approved') as d
cross join lateral payment.begin_refund(d.refund) as x;
select throws_ok(
    format('select payment.record_refund(%L, %L, %L)', o.transaction, 'succeeded', 're_1'),
    'SHM10', null
)
from other as o;

-- case: an order that is refunded whole
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from begun as b;
select payment.record_refund(x.transaction, 'succeeded', 're_2')
from paid as p
cross join lateral payment.request_refund(p.order_number) as r
cross join lateral payment.decide_refund(r.refund, 'approved') as d
cross join lateral payment.begin_refund(d.refund) as x;
select is(o.payment_status, 'refunded')
from orders.orders as o;

-- case: what is malformed or unknown is refused
select throws_ok(
    format(
        'select payment.record_refund(%L, %L, %L)', coalesce(b.transaction, t.transaction::text),
        b.outcome, b.ref
    ),
    b.sqlstate, null, b.what
)
from begun as t
cross join (
    values
    (gen_random_uuid()::text, 'succeeded', 're_1', 'SHM02', 'no such step'),
    (null, null, 're_1', '22023', 'no outcome'),
    (null, 'approved', 're_1', '22023', 'another word'),
    (null, 'succeeded', null, '22023', 'no reference'),
    (null, 'succeeded', '', '22023', 'an empty reference'),
    (null, 'succeeded', '4111111111111111', '22023', 'a card number')
) as b (transaction, outcome, ref, sqlstate, what);
select throws_ok(
    format('select payment.record_refund(%L, %L)', t.public_id, 'failed'), 'SHM02', null,
    'a capture is no refund'
)
from payment.payment_transactions as t
where t.kind = 'capture';
select is_empty('table events.outbox_events', 'nothing was written');
