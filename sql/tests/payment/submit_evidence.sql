-- setup: a dispute of 20.00 with two versions of a receipt and a letter
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
select payment.add_evidence(c.dispute, e.kind, e.body)
from contested as c
cross join (
    values (1, 'receipt', 'Old'), (2, 'receipt', 'New'), (3, 'letter', 'Thanks')
) as e (position, kind, body)
order by e.position;
delete from events.outbox_events;

-- case: of each kind the newest version is sent
select results_eq(
    $$
    select s.status, s.submission, s.kinds, s.version
    from pg_temp.contested as c
    cross join lateral payment.submit_evidence(c.dispute) as s
    $$,
    $$values ('under_review', 1, '{letter,receipt}'::text[], 5::bigint)$$
);
select results_eq(
    'select l.kind, l.version, l.submission, l.submitted_at is not null
    from payment.evidence_list as l order by l.kind, l.version',
    $$values ('letter', 1, 1, true), ('receipt', 1, null, false), ('receipt', 2, 1, true)$$
);
select results_eq(
    'select l.status, l.submission_count, l.submitted_at is not null
    from payment.dispute_list as l',
    $$values ('under_review', 1, true)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e', $$values ('dispute.evidence_submitted')$$
);

-- case: what is new is sent again, what is not is refused
select payment.submit_evidence(c.dispute)
from contested as c;
select throws_ok(format('select payment.submit_evidence(%L)', c.dispute), 'SHM34', null, 'sent')
from contested as c;
select payment.add_evidence(c.dispute, 'letter', 'More')
from contested as c;
select results_eq(
    $$
    select s.submission, s.kinds
    from pg_temp.contested as c
    cross join lateral payment.submit_evidence(c.dispute) as s
    $$,
    $$values (2, '{letter}'::text[])$$
);

-- case: late, over or unknown
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select throws_ok(format('select payment.submit_evidence(%L)', c.dispute), 'SHM33', null, 'late')
from contested as c;
select payment.resolve_dispute(c.dispute, 'accepted')
from contested as c;
select throws_ok(format('select payment.submit_evidence(%L)', c.dispute), 'SHO30', null, 'over')
from contested as c;
select throws_ok('select payment.submit_evidence(gen_random_uuid())', 'SHM32', null, 'unknown');

-- case: a warning stays one
create temporary table warned as
select d.dispute
from paid as p
cross join lateral payment.open_dispute(p.payment, 'dp_2', 'general', 1, true) as d;
select payment.add_evidence(w.dispute, 'letter', 'Hello')
from warned as w;
select is(s.status, 'warning')
from warned as w
cross join lateral payment.submit_evidence(w.dispute) as s;

-- case: the same key gets the stored answer
select payment.submit_evidence(c.dispute, 'k')
from contested as c;
select results_eq(
    $$
    select s.submission, s.kinds
    from pg_temp.contested as c
    cross join lateral payment.submit_evidence(c.dispute, 'k') as s
    $$,
    $$values (1, '{letter,receipt}'::text[])$$
);
select throws_ok('select payment.submit_evidence(gen_random_uuid(), ''k'')', 'SHC01', null);
