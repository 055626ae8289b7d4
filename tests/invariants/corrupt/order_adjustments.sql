-- case: a discount is not explained
delete from orders.order_adjustments as a
using orders.orders as o
where o.order_id = a.order_id and o.status = 'expired' and a.kind = 'discount';

-- case: a tax is not its rate
alter table orders.order_adjustments drop constraint order_adjustments_amount_check;
update orders.order_adjustments as a
set rate = 0.5
from orders.orders as o
where o.order_id = a.order_id and o.status = 'expired' and a.kind = 'tax';
