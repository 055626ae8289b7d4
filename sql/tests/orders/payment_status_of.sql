-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: one word for all the amounts
select is(
    orders.payment_status_of(b.due, b.authorized, b.captured, b.refunded, b.charged_back), b.status,
    b.status
)
from (
    values
    (10, 0, 0, 0, 0, 'unpaid'), (10, 9, 0, 0, 0, 'partially_authorized'),
    (10, 10, 0, 0, 0, 'authorized'), (10, 10, 4, 0, 0, 'partially_paid'),
    (10, 10, 10, 0, 0, 'paid'), (6, 10, 6, 0, 0, 'paid'),
    (10, 10, 10, 4, 0, 'partially_refunded'), (10, 10, 10, 10, 0, 'refunded'),
    (10, 10, 10, 4, 6, 'disputed'), (0, 0, 0, 0, 0, 'unpaid')
) as b (due, authorized, captured, refunded, charged_back, status);
