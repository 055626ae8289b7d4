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

-- case: every version is there
select payment.add_evidence(c.dispute, 'letter', 'Hello')
from contested as c;
select payment.add_evidence(c.dispute, 'letter', 'Hello again')
from contested as c;
select results_eq(
    $$
    select l.dispute = c.dispute, l.kind, l.version, l.body
    from payment.evidence_list as l
    cross join pg_temp.contested as c
    order by l.version
    $$,
    $$values (true, 'letter', 1, 'Hello'), (true, 'letter', 2, 'Hello again')$$
);
