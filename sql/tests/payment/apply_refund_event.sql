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
create function pg_temp.say(p_id text, p_event jsonb)
returns text
language sql
as $$
select concat_ws(': ', r.status, r.reason)
from payment.receive_provider_event('acme', p_id, p_event) as r
$$;
delete from events.outbox_events;

-- case: an event by our key is the same as a call
select is(
    pg_temp.say('e1', jsonb_build_object(
        'kind', 'refund.succeeded', 'transaction', b.transaction, 'provider_ref', 're_1',
        'amount', 12, 'currency', 'EUR'
    )),
    'applied'
)
from begun as b;
select is(p.refunded, 12::numeric) from payment.payments as p;
select lives_ok(
    format('select payment.record_refund(%L, %L, %L)', b.transaction, 'succeeded', 're_1')
)
from begun as b;
select is(p.refunded, 12::numeric, 'said twice, it is done once') from payment.payments as p;
select alike(
    pg_temp.say('e2', '{"kind": "refund.succeeded", "provider_ref": "re_1"}'), 'ignored: %',
    'another delivery'
);
select alike(
    pg_temp.say('e3', '{"kind": "refund.failed", "provider_ref": "re_1"}'), 'ignored: %',
    'a failure after the success'
);
select is(l.status, 'succeeded') from payment.refund_list as l;

-- case: a reversal may come before what it reverses
select alike(
    pg_temp.say('e1', jsonb_build_object(
        'kind', 'refund.reversed', 'transaction', b.transaction, 'provider_ref', 'rr_1'
    )),
    'waiting: %'
)
from begun as b;
select payment.record_refund(b.transaction, 'succeeded', 're_1')
from begun as b;
select results_eq(
    'select l.status from payment.refund_list as l', $$values ('reversed')$$,
    'it is applied as soon as it can be'
);
select alike(
    pg_temp.say('e2', '{
        "kind": "refund.reversed", "original_ref": "re_1", "provider_ref": "rr_1"
    }'),
    'ignored: %'
);

-- case: what was refunded at the provider's own site is booked
select is(
    pg_temp.say('e1', '{
        "kind": "refund.succeeded", "original_ref": "ch_1", "provider_ref": "re_x", "amount": 5,
        "currency": "EUR"
    }'),
    'applied'
);
select results_eq(
    'select l.amount, l.status, l.note from payment.refund_list as l
    order by l.refund_id desc limit 1',
    $$values (5::numeric, 'succeeded', 'made at the provider')$$
);
select is(p.refunded, 5::numeric) from payment.payments as p;

-- case: as far as there is money
select alike(
    pg_temp.say('e1', '{
        "kind": "refund.succeeded", "original_ref": "ch_1", "provider_ref": "re_x", "amount": 25
    }'),
    'waiting: %'
);
select is(count(*), 1::bigint, 'nothing was written') from payment.refunds;

-- case: what says nothing, too little or something else changes nothing
select alike(pg_temp.say(b.id, b.event), b.answer, b.id)
from (
    values
    ('e1', '{"kind": "refund.failed", "original_ref": "ch_1"}'::jsonb, 'ignored: %'),
    ('e2', '{"kind": "refund.succeeded", "original_ref": "ch_1"}', 'ignored: %'),
    ('e3', '{"kind": "refund.succeeded", "original_ref": "ch_9", "amount": 1}', 'waiting: %'),
    ('e4', '{"kind": "refund.reversed", "original_ref": "re_9"}', 'waiting: %'),
    (
        'e5', '{"kind": "refund.succeeded", "original_ref": "ch_1", "provider_ref": "re_x",
        "amount": 1, "currency": "GBP"}', 'ignored: %'
    ),
    (
        'e6', '{"kind": "refund.succeeded", "original_ref": "ch_1", "provider_ref": "re_x",
        "amount": 1.001}', 'ignored: %'
    )
) as b (id, event, answer);
select alike(
    pg_temp.say('e7', jsonb_build_object(
        'kind', 'refund.succeeded', 'transaction', b.transaction, 'provider_ref', 're_1',
        'amount', 11
    )),
    'ignored: another amount%'
)
from begun as b;
select is(p.refunded, 0::numeric) from payment.payments as p;
