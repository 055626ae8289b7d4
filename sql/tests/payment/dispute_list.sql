-- setup: a dispute of 20.00
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 10, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24.5, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "MUG", "quantity": 100}, {"sku": "POT", "quantity": 100}
]');
create function pg_temp.place(p_quantity integer)
returns text
language sql
as $$
select o.order_number
from orders.place_order('session:ann', 'EUR', jsonb_build_array(
    jsonb_build_object('sku', 'MUG', 'quantity', p_quantity)
)) as o
$$;
create function pg_temp.authorise(p_order_number text, p_ref text, p_amount numeric default null)
returns uuid
language sql
as $$
select r.payment
from payment.begin_payment(p_order_number, 'acme', p_amount => p_amount) as b
cross join lateral payment.process_payment_authorization(
    b.transaction, 'approved', 'au_' || p_ref
) as r
$$;
create function pg_temp.pay(p_order_number text, p_ref text)
returns uuid
language sql
as $$
select r.payment
from (select pg_temp.authorise(p_order_number, p_ref) as payment) as a
cross join lateral payment.begin_capture(a.payment) as b
cross join lateral payment.record_capture(b.transaction, 'succeeded', 'ch_' || p_ref) as r
$$;
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place(3) as o (order_number);
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
