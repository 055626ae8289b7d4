-- case: an order is not paid as it says
update orders.orders set payment_status = 'paid' where status = 'pending';

-- case: an order was paid for and does not know when
update orders.orders set paid_at = null where status = 'delivered';
