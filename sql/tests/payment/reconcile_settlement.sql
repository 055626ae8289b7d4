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

-- case: item by item, and what the report does not name
select results_eq(
    $$
    select
        r.outcome, r.kind, r.provider_ref, r.order_number = p.order_number, r.currency,
        r.amount_here, r.amount_there, r.difference, r.item
    from pg_temp.paid as p
    cross join lateral payment.reconcile_settlement('acme', '[
        {"kind": "capture", "provider_ref": "ch_1", "amount": "30.00", "currency": "EUR"},
        {"kind": "refund", "provider_ref": "re_9", "amount": 1.5, "currency": "EUR"},
        {"kind": "capture", "provider_ref": "ch_1", "amount": 30, "currency": "EUR"}
    ]', now() - interval '1 day', now() + interval '1 day') as r
    $$,
    $$
    values
    ('matched', 'capture', 'ch_1', true, 'EUR', 30::numeric, 30::numeric, 0::numeric, 1),
    ('missing_here', 'refund', 're_9', null, 'EUR', null, 1.5, 1.5, 2),
    ('twice_there', 'capture', 'ch_1', true, 'EUR', 30, 30, 30, 3),
    ('missing_there', 'refund', 're_1', true, 'EUR', 12, null, -12, null)
    $$
);

-- case: amounts and currencies that differ
select results_eq(
    $$
    select r.outcome, r.difference
    from payment.reconcile_settlement('acme', '[
        {"kind": "capture", "provider_ref": "ch_1", "amount": 29.5, "currency": "EUR"},
        {"kind": "refund", "provider_ref": "re_1", "amount": 12, "currency": "GBP"}
    ]') as r
    $$,
    $$values ('differs', -0.5::numeric), ('differs', null)$$
);

-- case: what has not succeeded here is missing here
select payment.begin_capture(a.payment)
from pg_temp.place_as_guest(1) as o (order_number)
cross join lateral (select pg_temp.authorise(o.order_number, '2') as payment) as a;
update payment.payment_transactions set provider_ref = 'ch_2' where status = 'pending';
select results_eq(
    $$
    select r.outcome, r.amount_here, r.difference
    from payment.reconcile_settlement('acme', '[
        {"kind": "capture", "provider_ref": "ch_2", "amount": 10, "currency": "EUR"}
    ]') as r
    $$,
    $$values ('missing_here', null::numeric, 10::numeric)$$
);

-- case: another provider's steps are nobody's business
select results_eq(
    $$
    select r.outcome
    from payment.reconcile_settlement('other', '[
        {"kind": "capture", "provider_ref": "ch_1", "amount": 30, "currency": "EUR"}
    ]', '-infinity', 'infinity') as r
    $$,
    $$values ('missing_here')$$
);

-- case: an empty report of a time misses everything
select bag_eq(
    $$
    select r.outcome, r.kind
    from payment.reconcile_settlement('acme', '[]', '-infinity', 'infinity') as r
    $$,
    $$values ('missing_there', 'capture'), ('missing_there', 'refund')$$
);
select is_empty(
    $$select * from payment.reconcile_settlement('acme', '[]')$$, 'of no time, nothing'
);

-- case: what is malformed is refused
select throws_ok(
    format('select payment.reconcile_settlement(%L, %L)', b.provider, b.report), '22023', null,
    b.what
)
from (
    values
    (null, '[]', 'no provider'),
    ('A', '[]', 'no code'),
    ('acme', null, 'no report'),
    ('acme', '{}', 'no array'),
    ('acme', '[7]', 'no object'),
    ('acme', '[{"kind": "capture"}]', 'fields are missing'),
    (
        'acme', '[{"kind": "fee", "provider_ref": "x", "amount": 1, "currency": "EUR"}]',
        'another kind'
    ),
    (
        'acme', '[{"kind": "refund", "provider_ref": "x", "amount": -1, "currency": "EUR"}]',
        'less than nothing'
    )
) as b (provider, report, what);
