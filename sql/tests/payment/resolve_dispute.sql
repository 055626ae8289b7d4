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

-- case: what is won is the shop's again
select results_eq(
    $$
    select r.status, r.counted, r.charged_back, r.version
    from pg_temp.contested as c
    cross join lateral payment.resolve_dispute(c.dispute, 'won', 'Evidence was good') as r
    $$,
    $$values ('won', 0::numeric, 0::numeric, 2::bigint)$$
);
select results_eq(
    $$
    select t.amount from payment.payment_transactions as t where t.kind = 'chargeback_reversal'
    $$,
    'values (20::numeric)'
);
select results_eq(
    'select l.outcome_reason, l.closed_at is not null from payment.dispute_list as l',
    $$values ('Evidence was good', true)$$
);
select is(o.payment_status, 'paid')
from orders.orders as o;
select results_eq(
    'select e.event_type from events.outbox_events as e order by e.event_id',
    $$values ('payment.chargeback_reversed'), ('dispute.won'), ('order.payment_changed')$$
);

-- case: what is lost is gone
select results_eq(
    $$
    select r.status, r.counted, r.charged_back
    from pg_temp.contested as c
    cross join lateral payment.resolve_dispute(c.dispute, 'accepted') as r
    $$,
    $$values ('lost', 20::numeric, 20::numeric)$$
);
select is(l.outcome_reason, 'accepted') from payment.dispute_list as l;
select throws_ok(
    format('select payment.resolve_dispute(%L, %L)', c.dispute, o.outcome), 'SHO30', null,
    o.outcome
)
from contested as c
cross join (values ('won'), ('closed'), ('prevented')) as o (outcome);

-- case: a prevented dispute gives the money back, too
select results_eq(
    $$
    select r.status, r.charged_back
    from pg_temp.contested as c
    cross join lateral payment.resolve_dispute(c.dispute, 'prevented') as r
    $$,
    $$values ('prevented', 0::numeric)$$
);

-- case: only a warning is closed
select throws_ok(
    format('select payment.resolve_dispute(%L, %L)', c.dispute, 'closed'), 'SHO30', null
)
from contested as c;
select results_eq(
    $$
    select r.status
    from pg_temp.paid as p
    cross join lateral payment.open_dispute(p.payment, 'dp_2', 'general', 1, true) as d
    cross join lateral payment.resolve_dispute(d.dispute, 'closed') as r
    $$,
    $$values ('closed')$$
);

-- case: what is won of an order that is dead goes to the customer
select orders.cancel_order(p.order_number, p_reason => 'test')
from paid as p;
select results_eq(
    'select l.amount, l.reason_code from payment.refund_list as l',
    $$values (10::numeric, 'cancelled')$$,
    'what was not contested'
);
select payment.resolve_dispute(c.dispute, 'won')
from contested as c;
select bag_eq(
    'select l.amount, l.status from payment.refund_list as l',
    $$values (10::numeric, 'approved'), (20, 'approved')$$,
    'and then what was'
);

-- case: said twice, it is done once
select payment.resolve_dispute(c.dispute, 'lost')
from contested as c;
delete from events.outbox_events;
select is(r.version, 2::bigint)
from contested as c
cross join lateral payment.resolve_dispute(c.dispute, 'lost') as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is malformed or unknown is refused
select throws_ok(
    format(
        'select payment.resolve_dispute(%L, %L, %L)', coalesce(b.dispute, c.dispute::text),
        b.outcome, b.reason
    ),
    b.sqlstate, null, b.what
)
from contested as c
cross join (
    values
    (gen_random_uuid()::text, 'won', null, 'SHM32', 'no such dispute'),
    (null, null, null, '22023', 'no outcome'),
    (null, 'needs_response', null, '22023', 'another word'),
    (null, 'won', '', '22023', 'an empty reason'),
    (null, 'won', repeat('r', 501), '22023', 'a long reason')
) as b (dispute, outcome, reason, sqlstate, what);

-- case: the same key and request get the stored answer, another request is refused
select payment.resolve_dispute(c.dispute, 'won', null, 'k')
from contested as c;
select is(r.status, 'won')
from contested as c
cross join lateral payment.resolve_dispute(c.dispute, 'won', null, 'k') as r;
select throws_ok(
    format('select payment.resolve_dispute(%L, %L, null, %L)', c.dispute, 'lost', 'k'), 'SHC01',
    null
)
from contested as c;
