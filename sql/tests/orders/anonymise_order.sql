-- setup: mugs, and an order of a guest that has arrived, with words of all kinds beside it
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "RED", "name": "Mug", "price": 10, "currency": "GBP"}]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 20}]');
create temporary table bought as
select
    o.order_number as n,
    a.payment
from orders.place_order(
    'session:secret', 'GBP', '[{"sku": "RED", "quantity": 3}]',
    '{"email": "ann@example.com", "phone": "+442071838750", "shipping_address": {
    "recipient": "Ann", "line1": "1 High Street", "city": "London", "country": "GB"}}'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral
payment.process_payment_authorization(b.transaction, 'captured', 'ch_1') as a;
create function pg_temp.n()
returns text
language sql
as 'select b.n from pg_temp.bought as b';
select orders.add_customer_note(pg_temp.n(), 'session:secret', 'Ring at Ann''s');
select orders.add_order_note(pg_temp.n(), 'Ann has called');
select orders.ship_order(pg_temp.n());
select orders.deliver_fulfillment(pg_temp.n());
select orders.request_return(
    pg_temp.n(), '[{"sku": "RED", "quantity": 1}]', 'too big', 'session:secret', 'Ann: too big'
);
select payment.request_refund(pg_temp.n(), 1, 'goodwill', 'Ann was sad');
create temporary table contested as
select
    d.dispute,
    d.evidence_due_at
from pg_temp.bought as b
cross join lateral payment.open_dispute(b.payment, 'dp_1', 'fraudulent', 10) as d;
select payment.add_evidence(c.dispute, 'letter', 'Ann has written') from pg_temp.contested as c;
select payment.add_evidence(c.dispute, 'parcel', null, 's3://ann') from pg_temp.contested as c;
create function pg_temp.left()
returns table (what text)
language sql
as $$
select w.what
from (
    select 'contact' as what, to_jsonb(c)::text as words from orders.order_contacts as c
    union all
    select 'note', to_jsonb(n)::text from orders.order_notes as n
    union all
    select 'return', to_jsonb(r)::text from orders.order_returns as r
    union all
    select 'refund', to_jsonb(f)::text from payment.refunds as f
    union all
    select 'evidence', to_jsonb(e)::text from payment.dispute_evidence as e
    union all
    select 'event', to_jsonb(o)::text from events.outbox_events as o
) as w
where translate(w.words, '"', ' ') ~ 'Ann|ann(@|:| )|/ann|London|2071838'
$$;

-- case: the person goes, the order stays
select payment.resolve_dispute(c.dispute, 'lost') from pg_temp.contested as c;
select set_eq(
    'select l.what from pg_temp.left() as l',
    array['contact', 'note', 'return', 'refund', 'evidence'],
    'it was there'
);
create temporary table before as
select
    o.version,
    to_jsonb(o) - '{guest_owner,version,updated_at}'::text[] as kept
from orders.orders as o;
delete from events.outbox_events;
select results_eq(
    $$
    select r.order_number = pg_temp.n(), r.status, r.erased_at is not null, r.version - b.version
    from orders.anonymise_order(lower(pg_temp.n())) as r
    cross join pg_temp.before as b
    $$,
    $$values (true, 'delivered', true, 1::bigint)$$
);
select is_empty('select l.what from pg_temp.left() as l', 'nobody is left');
select is(
    to_jsonb(o) - '{guest_owner,version,updated_at}'::text[], b.kept, 'the order is as it was'
)
from orders.orders as o
cross join pg_temp.before as b;
select is(o.guest_owner, null, 'no session leads back')
from orders.orders as o;
select results_eq(
    'select n.note_no, n.body, n.erased_at is not null from orders.order_note_list as n order by 1',
    'values (1, null::text, true), (2, null, true)'
);
select results_eq(
    'select r.reason, r.comment from orders.order_return_list as r',
    $$values ('too big', null::text)$$
);
select results_eq(
    $$
    select e.kind, e.body, e.file_uri, e.erased_at is not null from payment.evidence_list as e
    order by e.kind
    $$,
    $$values ('letter', null::text, null::text, true), ('parcel', null, null, true)$$
);
select results_eq(
    'select e.event_type from events.outbox_events as e', array['order.contact_erased']
);
select throws_ok(
    format('select orders.get_order_timeline(%L, %L)', pg_temp.n(), 'session:secret'), 'SHO01',
    null, 'not the guest''s any more'
);

-- case: asked for twice it is done once, by its key and without
delete from events.outbox_events;
select orders.anonymise_order(pg_temp.n(), 'k');
select is(s.response, r.response, 'the same answer')
from (select to_jsonb(a) as response from orders.anonymise_order(pg_temp.n(), 'k') as a) as r
cross join lateral (
    select to_jsonb(a) as response from orders.anonymise_order(pg_temp.n()) as a
) as s;
select is(count(*), 1::bigint, 'one event')
from events.outbox_events as e
where e.event_type = 'order.contact_erased';

-- case: evidence is kept for as long as the dispute is open
select orders.anonymise_order(pg_temp.n());
select results_eq('select l.what from pg_temp.left() as l', array['evidence', 'evidence']);
select lives_ok(
    format('select payment.submit_evidence(%L)', c.dispute), 'a claim is defended with it'
)
from pg_temp.contested as c;
select payment.resolve_dispute(c.dispute, 'won') from pg_temp.contested as c;
select is_empty('select l.what from pg_temp.left() as l', 'it goes with the dispute');

-- case: what was erased is not sent to the bank, should the dispute go on after all
update payment.payment_disputes set evidence_due_at = clock_timestamp();
select payment.cleanup_overdue_disputes();
select orders.anonymise_order(pg_temp.n());
select payment.receive_provider_event(
    'acme', 'e1', '{"kind": "dispute.under_review", "dispute": "dp_1"}'
);
select payment.receive_provider_event('acme', 'e2', jsonb_build_object(
    'kind', 'dispute.needs_response', 'dispute', 'dp_1',
    'evidence_due_at', to_char(now() + interval '9 days', 'YYYY-MM-DD"T"HH24:MI:SSOF":00"')
));
select throws_ok(
    format('select payment.submit_evidence(%L)', c.dispute), 'SHM34', null, 'nothing to send'
)
from pg_temp.contested as c;

-- case: what is still to be sent has to go somewhere
select throws_ok(
    format('select orders.anonymise_order(%L)', o.order_number), 'SHA08', null, 'pending'
)
from orders.place_order('session:secret', 'GBP', '[{"sku": "RED", "quantity": 1}]') as o;
select is(o.status, 'pending', 'it stays')
from orders.orders as o
where o.guest_owner is not null and o.status = 'pending';

-- case: money that comes late does not bring back an order that could be sent nowhere
create temporary table late as
select
    o.order_number as n,
    b.transaction
from orders.place_order('session:late', 'GBP', '[{"sku": "RED", "quantity": 2}]') as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
update orders.orders as o
set placed_at = placed_at - interval '1 day', expires_at = placed_at - interval '1 day'
where o.status = 'pending';
update orders.order_status_history set created_at = created_at - interval '1 day';
update payment.payment_transactions
set claimed_until = clock_timestamp()
where claimed_until is not null;
select orders.cleanup_expired_orders();
select orders.anonymise_order(l.n) from pg_temp.late as l;
select results_eq(
    $$
    select r.order_status, r.captured
    from pg_temp.late as l
    cross join lateral
    payment.process_payment_authorization(l.transaction, 'captured', 'ch_2') as r
    $$,
    $$values ('expired', 20::numeric)$$
);
select is(r.amount, 20, 'it goes back')
from payment.refund_list as r
where r.status = 'approved';

-- case: a note has its words, or the time at which they went; evidence as well
select throws_ok(
    format('update orders.order_notes set body = %L, erased_at = %L', v.body, v.erased_at), '23514'
)
from (values (null, null), ('words', now())) as v (body, erased_at);
select throws_ok(
    format('update payment.dispute_evidence set body = %L, erased_at = %L', v.body, v.erased_at),
    '23514'
)
from (values (null, null), ('words', now())) as v (body, erased_at);

-- case: refusals
select throws_ok('select orders.anonymise_order(''none'')', 'SHO01', null);
select throws_ok('select orders.anonymise_order(null)', 'SHO01', null);
select throws_ok(format('select orders.anonymise_order(%L, '''')', pg_temp.n()), '22023', null);
