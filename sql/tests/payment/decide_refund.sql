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

-- case: an approved refund tells a worker
select results_eq(
    $$
    select d.status, d.amount, d.refund_pending, d.refundable, d.version
    from pg_temp.asked as a
    cross join lateral payment.decide_refund(a.refund, 'approved') as d
    $$,
    $$values ('approved', 12::numeric, 12::numeric, 18::numeric, 2::bigint)$$
);
select results_eq(
    $$
    select e.event_type, e.priority::integer, e.payload ->> 'refund' = a.refund::text
    from events.outbox_events as e
    cross join pg_temp.asked as a
    order by e.event_id
    $$,
    $$values ('refund.approved', 5, true), ('payment.refund_requested', 9, true)$$
);
select results_eq(
    'select l.decided_by, l.decided_at is not null from payment.refund_list as l',
    $$values ('staff:anna', true)$$
);

-- case: a refused one frees its money
select results_eq(
    $$
    select d.status, d.refund_pending, d.refundable
    from pg_temp.asked as a
    cross join lateral payment.decide_refund(a.refund, 'cancelled', 'Too late') as d
    $$,
    $$values ('cancelled', 0::numeric, 30::numeric)$$
);
select results_eq(
    'select l.error_reason, l.closed_at is not null from payment.refund_list as l',
    $$values ('Too late', true)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('refund.cancelled'), ('payment.refund_cancelled')$$
);

-- case: one that was approved may still be given up, until the provider is asked
select payment.decide_refund(a.refund, 'approved')
from asked as a;
select lives_ok(format('select payment.decide_refund(%L, %L)', a.refund, 'cancelled'))
from asked as a;
select throws_ok(
    format('select payment.decide_refund(%L, %L)', a.refund, 'approved'), 'SHO30', null,
    'what was given up stays so'
)
from asked as a;

-- case: what the provider was asked for is not given up
select payment.decide_refund(a.refund, 'approved')
from asked as a;
select payment.begin_refund(a.refund)
from asked as a;
select throws_ok(
    format('select payment.decide_refund(%L, %L)', a.refund, 'cancelled'), 'SHO30', null
)
from asked as a;

-- case: said twice, it is done once
select payment.decide_refund(a.refund, 'approved')
from asked as a;
delete from events.outbox_events;
select is(d.version, 2::bigint)
from asked as a
cross join lateral payment.decide_refund(a.refund, 'approved') as d;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is malformed or unknown is refused
select throws_ok(
    format(
        'select payment.decide_refund(%L, %L, %L)', coalesce(b.refund, a.refund::text), b.decision,
        b.note
    ),
    b.sqlstate, null, b.what
)
from asked as a
cross join (
    values
    (gen_random_uuid()::text, 'approved', null, 'SHM31', 'no such refund'),
    (null, null, null, '22023', 'no decision'),
    (null, 'rejected', null, '22023', 'another word'),
    (null, 'cancelled', '', '22023', 'an empty note'),
    (null, 'cancelled', repeat('n', 501), '22023', 'a long note')
) as b (refund, decision, note, sqlstate, what);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select payment.decide_refund(a.refund, 'approved', p_idempotency_key => 'k')
from asked as a;
select is(d.version, 2::bigint)
from asked as a
cross join lateral payment.decide_refund(a.refund, 'approved', p_idempotency_key => 'k') as d;
select throws_ok(
    format('select payment.decide_refund(%L, %L, null, %L)', a.refund, 'cancelled', 'k'), 'SHC01',
    null
)
from asked as a;
