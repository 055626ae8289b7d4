-- setup: a dispute of 20.00
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_in_euros();
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
create temporary table contested as
select d.dispute
from paid as p
cross join lateral payment.open_dispute(p.payment, 'dp_1', 'fraudulent', 20) as d;
delete from events.outbox_events;

-- case: each kind has versions
select results_eq(
    $$
    select x.kind, x.evidence_version, x.version
    from pg_temp.contested as c
    cross join lateral payment.add_evidence(c.dispute, 'receipt', 'It is attached.') as x
    $$,
    $$values ('receipt', 1, 2::bigint)$$
);
select is(x.evidence_version, 2)
from contested as c
cross join lateral payment.add_evidence(c.dispute, 'receipt', null, 's3://b/r.pdf') as x;
select is(x.evidence_version, 1)
from contested as c
cross join lateral payment.add_evidence(c.dispute, 'shipping_documentation', 'Signed for.') as x;
select results_eq(
    'select l.kind, l.version, l.body, l.file_uri, l.submission, l.created_by
    from payment.evidence_list as l order by l.kind, l.version',
    $$
    values
    ('receipt', 1, 'It is attached.', null, null::integer, 'staff:anna'),
    ('receipt', 2, null, 's3://b/r.pdf', null, 'staff:anna'),
    ('shipping_documentation', 1, 'Signed for.', null, null, 'staff:anna')
    $$
);
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$
    values
    ('dispute.evidence_added', 2::bigint), ('dispute.evidence_added', 3),
    ('dispute.evidence_added', 4)
    $$
);

-- case: a dispute that is over, or past its deadline, takes none
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select throws_ok(
    format('select payment.add_evidence(%L, %L, %L)', c.dispute, 'receipt', 'x'), 'SHM33', null,
    'late'
)
from contested as c;
select payment.resolve_dispute(c.dispute, 'lost')
from contested as c;
select throws_ok(
    format('select payment.add_evidence(%L, %L, %L)', c.dispute, 'receipt', 'x'), 'SHO30', null,
    'lost'
)
from contested as c;

-- case: what is malformed or unknown is refused
select throws_ok(
    format(
        'select payment.add_evidence(%L, %L, %L, %L)', coalesce(b.dispute, c.dispute::text), b.kind,
        b.body, b.uri
    ),
    b.sqlstate, null, b.what
)
from contested as c
cross join (
    values
    (gen_random_uuid()::text, 'receipt', 'x', null, 'SHM32', 'no such dispute'),
    (null, null, 'x', null, '22023', 'no kind'),
    (null, 'A receipt', 'x', null, '22023', 'no code'),
    (null, repeat('k', 51), 'x', null, '22023', 'a long code'),
    (null, 'receipt', null, null, '22023', 'nothing'),
    (null, 'receipt', 'x', 'y', '22023', 'both'),
    (null, 'receipt', '', null, '22023', 'an empty text'),
    (null, 'receipt', repeat('x', 20001), null, '22023', 'a long text'),
    (null, 'receipt', null, repeat('x', 2001), '22023', 'a long address'),
    (null, 'receipt', 'Paid with 4111 1111 1111 1111.', null, '22023', 'a card number')
) as b (dispute, kind, body, uri, sqlstate, what);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(
    format('select payment.add_evidence(%L, %L, %L)', c.dispute, 'receipt', repeat('語', 20000)),
    'the longest text'
)
from contested as c;

-- case: the same key and request get the stored answer, another request is refused
select payment.add_evidence(c.dispute, 'receipt', 'x', p_idempotency_key => 'k')
from contested as c;
select is(x.evidence_version, 1)
from contested as c
cross join lateral payment.add_evidence(
    c.dispute, 'receipt', 'x', p_idempotency_key => 'k'
) as x;
select throws_ok(
    format('select payment.add_evidence(%L, %L, %L, null, %L)', c.dispute, 'receipt', 'y', 'k'),
    'SHC01', null
)
from contested as c;
