-- setup: a shop
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_in_euros();

-- case: what is due is left alone
select pg_temp.pay(pg_temp.place_as_guest(3), '1');
delete from events.outbox_events;
select payment.adjust_to_due(o.order_id, 'surplus')
from orders.orders as o;
select is_empty('table payment.refunds', 'no refund');
select is_empty('table events.outbox_events', 'no event');

-- case: nothing was paid
select pg_temp.place_as_guest(3);
delete from events.outbox_events;
select payment.adjust_to_due(o.order_id, 'surplus')
from orders.orders as o;
select is_empty('table events.outbox_events', 'no event');

-- case: what was credited is refunded, once
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select orders.cancel_order(p.order_number, '[{"sku": "MUG", "quantity": 1}]', 'test')
from paid as p;
select results_eq(
    'select l.amount, l.reason_code, l.status from payment.refund_list as l',
    $$values (10::numeric, 'cancelled', 'approved')$$
);
delete from events.outbox_events;
select payment.adjust_to_due(o.order_id, 'cancelled')
from orders.orders as o
cross join generate_series(1, 3);
select is_empty('table events.outbox_events', 'asked for again, nothing happens');

-- case: what is authorised for an order that is dead is voided, once
create temporary table held as
select
    o.order_number,
    pg_temp.authorise(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select orders.cancel_order(h.order_number, p_reason => 'test')
from held as h;
select results_eq(
    $$
    select t.kind, t.status, t.amount
    from payment.payment_transactions as t
    where t.kind <> 'authorize'
    $$,
    $$values ('void', 'pending', 30::numeric)$$
);
select is(count(*), 1::bigint, 'a worker is told')
from events.outbox_events as e
where e.event_type = 'payment.void_requested';
select payment.adjust_to_due(o.order_id, 'cancelled')
from orders.orders as o
cross join generate_series(1, 3);
select is(count(*), 1::bigint, 'once')
from events.outbox_events as e
where e.event_type = 'payment.void_requested';
select is_empty('table payment.refunds', 'nothing was captured');

-- case: an authorisation that is still needed in part is kept as a whole
create temporary table held as
select
    o.order_number,
    pg_temp.authorise(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select orders.cancel_order(h.order_number, '[{"sku": "MUG", "quantity": 2}]', 'test')
from held as h;
select is(p.authorized, 30::numeric) from payment.payments as p;
select is_empty(
    $$select from payment.payment_transactions as t where t.kind = 'void'$$, 'no void'
);

-- case: of two payments for one order the second goes back, captured or not
create temporary table held as
select
    o.order_number,
    pg_temp.authorise(o.order_number, '1', 20) as payment
from pg_temp.place_as_guest(3) as o (order_number);
create temporary table rest as
select pg_temp.authorise(h.order_number, '2') as payment from held as h;
select orders.cancel_order(h.order_number, '[{"sku": "MUG", "quantity": 1}]', 'test')
from held as h;
select results_eq(
    $$
    select p.public_id = r.payment, t.amount
    from payment.payment_transactions as t
    inner join payment.payments as p on p.order_id = t.order_id and p.payment_id = t.payment_id
    cross join pg_temp.rest as r
    where t.kind = 'void'
    $$,
    'values (true, 10::numeric)'
);

-- case: what a provider captures twice refunds itself
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select payment.record_capture(t.public_id, 'succeeded', 'ch_again')
from payment.payment_transactions as t
where t.kind = 'capture';
select results_eq(
    'select p.captured, p.surplus, p.refund_pending from payment.payments as p',
    'values (60::numeric, 30::numeric, 30::numeric)'
);
select results_eq(
    'select l.amount, l.reason_code, l.status from payment.refund_list as l',
    $$values (30::numeric, 'surplus', 'approved')$$
);
select payment.record_capture(t.public_id, 'succeeded', 'ch_again')
from payment.payment_transactions as t
where t.kind = 'capture' and t.provider_ref = 'ch_1';
select is(count(*), 1::bigint, 'once') from payment.refunds;

-- case: goodwill is a present, not set off against what is credited later
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select payment.request_refund(p.order_number, 5, 'goodwill')
from paid as p;
select orders.cancel_order(p.order_number, '[{"sku": "MUG", "quantity": 1}]', 'test')
from paid as p;
select bag_eq(
    'select l.amount, l.reason_code from payment.refund_list as l',
    $$values (5::numeric, 'goodwill'), (10, 'cancelled')$$
);

-- case: any other refund is
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select payment.request_refund(p.order_number, 4)
from paid as p;
select orders.cancel_order(p.order_number, '[{"sku": "MUG", "quantity": 1}]', 'test')
from paid as p;
select bag_eq(
    'select l.amount, l.reason_code from payment.refund_list as l',
    $$values (4::numeric, 'requested_by_customer'), (6, 'cancelled')$$
);

-- case: a dead order keeps nothing, whatever was given before
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
select payment.request_refund(p.order_number, 5, 'goodwill')
from paid as p;
select orders.cancel_order(p.order_number, p_reason => 'test')
from paid as p;
select is(sum(l.amount), 30::numeric) from payment.refund_list as l;

-- case: money of an order that has expired meanwhile goes back, or revives it
create temporary table late as
select
    o.order_number,
    b.transaction
from pg_temp.place_as_guest(100) as o (order_number)
cross join lateral payment.begin_payment(o.order_number, 'acme') as b;
update orders.orders set expires_at = now() - interval '1 hour';
update payment.payment_transactions set claimed_until = now() - interval '1 hour';
select orders.cleanup_expired_orders();
select is(o.status, 'expired') from orders.orders as o;
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ben');
select results_eq(
    $$
    select r.order_status, r.authorized
    from pg_temp.late as l
    cross join lateral payment.process_payment_authorization(l.transaction, 'approved', 'au_1') as r
    $$,
    $$values ('expired', 1000::numeric)$$,
    'its stock is gone'
);
select results_eq(
    $$
    select t.kind, t.status, t.amount
    from payment.payment_transactions as t
    where t.kind <> 'authorize'
    $$,
    $$values ('void', 'pending', 1000::numeric)$$
);
