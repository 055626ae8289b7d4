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

-- case: nothing until it is counted, then a row a day, provider and currency
select is_empty('select * from payment.payment_analytics_list');
select payment.roll_up_payment_analytics();
select results_eq(
    'select l.provider, l.currency, l.approval_rate from payment.payment_analytics_list as l',
    $$values ('acme', 'EUR', 1.0::numeric)$$
);
