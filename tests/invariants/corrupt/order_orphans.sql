-- case: a line names a variant that does not exist
update orders.order_items as i
set variant_id = 999, price_list = null, price_reason = 'a gift'
from orders.orders as o
where o.order_id = i.order_id and o.status = 'expired';

-- case: a refund names a return that does not exist
update payment.refunds set return_no = 9;

-- case: an event names an order that does not exist
update payment.provider_events set order_id = 999;
