-- case: an order is sent that nobody pays
update payment.payment_transactions as t
set amount = 1
from payment.payments as p
where p.order_id = t.order_id and p.payment_id = t.payment_id and p.status = 'authorized';
update payment.payments set authorized = 1 where status = 'authorized';
update orders.orders as o
set payment_status = 'partially_authorized'
where o.payment_status = 'authorized';
