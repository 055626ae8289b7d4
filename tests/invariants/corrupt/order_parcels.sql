-- case: a unit was shipped that is in no parcel
update orders.fulfillment_items as f
set quantity = f.quantity + 1
from orders.orders as o
where o.order_id = f.order_id and o.status = 'delivered';
