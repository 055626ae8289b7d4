-- case: a line costs something else than its price
-- also: order_adjustments
alter table orders.order_items
drop constraint order_items_amounts_check, drop constraint order_items_sums_check;
update orders.order_items as i
set line_subtotal = i.line_subtotal + 1, line_discount = i.line_discount + 1
from orders.orders as o
where o.order_id = i.order_id and o.status = 'expired';
update orders.orders
set subtotal = subtotal + 1, discount_total = discount_total + 1
where status = 'expired';
