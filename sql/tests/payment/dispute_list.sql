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

-- case: what is due soon is urgent
select is(l.is_urgent, false, 'in seven days') from payment.dispute_list as l;
update payment.payment_disputes set evidence_due_at = now() + interval '2 days';
select is(l.is_urgent, true, 'in two days') from payment.dispute_list as l;
select core.set_business_rule('dispute_alert_days', 1, 1);
select is(l.is_urgent, false, 'by another rule') from payment.dispute_list as l;

-- case: a dispute says whose it is, and what is taken
select results_eq(
    $$
    select
        l.dispute = c.dispute, l.order_number = p.order_number, l.payment = p.payment, l.provider,
        l.provider_dispute_id, l.amount, l.counted, l.currency, l.status, l.submission_count,
        l.outcome_reason, l.version
    from payment.dispute_list as l
    cross join pg_temp.contested as c
    cross join pg_temp.paid as p
    $$,
    $$
    values (
        true, true, true, 'acme', 'dp_1', 20::numeric, 20::numeric, 'EUR', 'needs_response', 0,
        null::text, 1::bigint
    )
    $$
);
