-- setup: an order of 30.00 that is paid
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_in_euros();
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
delete from events.outbox_events;

-- case: what is asked for is set aside until somebody decides
select results_eq(
    $$
    select r.payment = p.payment, r.status, r.amount, r.currency, r.refunded, r.refund_pending,
    r.refundable, r.version
    from pg_temp.paid as p
    cross join lateral payment.request_refund(p.order_number, 12.5, 'returned', 'Broken') as r
    $$,
    $$
    values (
        true, 'requested', 12.5, 'EUR', 0::numeric, 12.5::numeric, 17.5::numeric, 1::bigint
    )
    $$
);
select results_eq(
    'select l.reason_code, l.note, l.status, l.requested_by from payment.refund_list as l',
    $$values ('returned', 'Broken', 'requested', 'staff:anna')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload ->> 'amount'
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    values
    ('refund.requested', 'refund', 1::bigint, '12.5000'),
    ('payment.refund_pending', 'payment', 5, null)
    $$
);
select unalike(
    string_agg(e.payload::text, ''), '%Broken%', 'no event repeats what people wrote'
)
from events.outbox_events as e;

-- case: without an amount all that is left is asked for
select payment.request_refund(p.order_number, 10)
from paid as p;
select results_eq(
    $$
    select r.amount, r.refundable
    from pg_temp.paid as p
    cross join lateral payment.request_refund(p.order_number) as r
    $$,
    'values (20::numeric, 0::numeric)'
);

-- case: nothing is asked for twice, not even while it is pending
select payment.request_refund(p.order_number, 20)
from paid as p;
select throws_ok(
    format('select payment.request_refund(%L, 10.01)', p.order_number), 'SHM30', null, 'too much'
)
from paid as p;
select lives_ok(
    format('select payment.request_refund(%L, 10)', p.order_number), 'what is left'
)
from paid as p;
select throws_ok(
    format('select payment.request_refund(%L)', p.order_number), 'SHM30', null, 'nothing is left'
)
from paid as p;

-- case: of several payments the newest gives first, unless one is named
create temporary table second as
select
    o.order_number,
    pg_temp.authorise(o.order_number, '2', 10) as first_payment
from pg_temp.place_as_guest(2) as o (order_number);
create temporary table rest as
select pg_temp.authorise(s.order_number, '3') as payment from second as s;
select payment.record_capture(b.transaction, 'succeeded', 'ch_' || a.n)
from (
    select 2 as n, s.first_payment as payment from second as s
    union all
    select 3, r.payment from rest as r
) as a
cross join lateral payment.begin_capture(a.payment) as b;
select results_eq(
    $$
    select r.payment = (select payment from pg_temp.rest), r.amount
    from pg_temp.second as s
    cross join lateral payment.request_refund(s.order_number, 12) as r
    $$,
    'values (true, 10::numeric), (false, 2)'
);
select throws_ok(
    format(
        'select payment.request_refund(%L, 1, p_payment => %L)', s.order_number, r.payment
    ),
    'SHM30', null, 'that one has nothing left'
)
from second as s
cross join rest as r;
select results_eq(
    $$
    select r.payment = s.first_payment, r.amount
    from pg_temp.second as s
    cross join lateral payment.request_refund(
        s.order_number, null, p_payment => s.first_payment
    ) as r
    $$,
    'values (true, 8::numeric)'
);

-- case: what is only authorised is not refunded
select throws_ok(
    format('select payment.request_refund(%L, 1)', a.order_number), 'SHM30', null, 'authorised'
)
from (
    select
        o.order_number,
        pg_temp.authorise(o.order_number, '4')
    from pg_temp.place_as_guest(1) as o (order_number)
) as a;

-- case: what is malformed or unknown is refused, and nothing is written
select throws_ok(
    format(
        'select payment.request_refund(%L, %L, %L, %L, %L, %L)', coalesce(b.number, p.order_number),
        b.amount, b.reason, b.note, b.payment, b.return_no
    ),
    b.sqlstate, null, b.what
)
from paid as p
cross join (
    values
    ('NONE-0000-0000', '1', 'other', null, null, null, 'SHO01', 'no such order'),
    (null, '0', 'other', null, null, null, '22023', 'nothing'),
    (null, '-1', 'other', null, null, null, '22023', 'less than nothing'),
    (null, '1.005', 'other', null, null, null, '22023', 'half a cent'),
    (null, 'NaN', 'other', null, null, null, '22023', 'no number'),
    (null, '1', null, null, null, null, '22023', 'no reason'),
    (null, '1', 'surplus', null, null, null, '22023', 'a reason of the database'),
    (null, '1', 'other', '', null, null, '22023', 'an empty note'),
    (null, '1', 'other', repeat('n', 1001), null, null, '22023', 'a long note'),
    (null, '1', 'other', '4111 1111 1111 1111', null, null, '22023', 'a card number'),
    (null, '1', 'other', null, gen_random_uuid()::text, null, 'SHM01', 'no such payment'),
    (null, '1', 'other', null, null, '7', 'SHO36', 'no such return')
) as b (number, amount, reason, note, payment, return_no, sqlstate, what);
select is_empty('table payment.refunds', 'no refund');
select is_empty('table events.outbox_events', 'no event');

-- case: the longest note is taken
select lives_ok(
    format(
        'select payment.request_refund(%L, 1, %L, %L)', p.order_number, 'other', repeat('é', 1000)
    )
)
from paid as p;

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select r.refund
from paid as p
cross join lateral payment.request_refund(p.order_number, 5, p_idempotency_key => 'k') as r;
select results_eq(
    $$
    select r.refund
    from pg_temp.paid as p
    cross join lateral payment.request_refund(p.order_number, 5.00, p_idempotency_key => 'k') as r
    $$,
    'table pg_temp.first'
);
select is(count(*), 1::bigint, 'once') from payment.refunds;
select throws_ok(
    format('select payment.request_refund(%L, 6, p_idempotency_key => %L)', p.order_number, 'k'),
    'SHC01', null
)
from paid as p;
