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

-- case: whatever a function forgets, the table refuses
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ('update payment.payment_disputes set counted = -1', 'less than nothing'),
    ('update payment.payment_disputes set counted = 21', 'more than is contested'),
    (
        $$update payment.payment_disputes set status = 'won', closed_at = now()$$,
        'won, and still taken'
    ),
    ($$update payment.payment_disputes set outcome_reason = ''$$, 'an empty reason'),
    (
        $$update payment.payment_disputes set outcome_reason = '4111 1111 1111 1111'$$,
        'a card number'
    )
) as b (change, title);
select lives_ok('update payment.payment_disputes set counted = 5', 'a part of it');
