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

-- case: nothing is overdue
select is_empty('select * from payment.cleanup_overdue_disputes()');

-- case: what was never answered is lost, and says why
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select results_eq(
    $$
    select r.dispute = c.dispute, r.order_number = p.order_number, r.status, r.counted
    from payment.cleanup_overdue_disputes() as r
    cross join pg_temp.contested as c
    cross join pg_temp.paid as p
    $$,
    $$values (true, true, 'lost', 20::numeric)$$
);
select is(l.outcome_reason, 'past_due') from payment.dispute_list as l;
select results_eq(
    'select e.event_type from events.outbox_events as e', $$values ('dispute.lost')$$
);
select is_empty('select * from payment.cleanup_overdue_disputes()', 'once');

-- case: one that cannot be changed says so, and harms no other
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
alter table payment.payment_disputes
add constraint never_lost_check check (status <> 'lost' or provider_dispute_id <> 'dp_1');
select payment.open_dispute(p.payment, 'dp_2', 'general', 10)
from paid as p;
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select bag_eq(
    'select r.status, left(r.error, 5) from payment.cleanup_overdue_disputes() as r',
    $$values ('needs_response', '23514'), ('lost', null)$$
);

-- case: the bank knows better than the clock
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select payment.cleanup_overdue_disputes();
select results_eq(
    $$
    select r.status, r.charged_back
    from pg_temp.contested as c
    cross join lateral payment.resolve_dispute(c.dispute, 'won') as r
    $$,
    $$values ('won', 0::numeric)$$
);

-- case: what was answered in time is under review, however long that takes
select payment.add_evidence(c.dispute, 'letter', 'Hello')
from contested as c;
select payment.submit_evidence(c.dispute)
from contested as c;
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select is_empty('select * from payment.cleanup_overdue_disputes()');

-- case: a batch has its limit
select throws_ok(
    format('select payment.cleanup_overdue_disputes(%L)', b.n), '22023', null, coalesce(b.n, 'null')
)
from (values (null), ('0'), ('-1'), ('100001')) as b (n);
