-- case: a line is in another currency
update orders.order_items as i
set currency = 'GBP'
from orders.orders as o
where o.order_id = i.order_id and o.status = 'pending' and i.price_reason is not null;

-- case: a payment is in another currency
update payment.payments set currency = 'GBP' where status = 'failed';
