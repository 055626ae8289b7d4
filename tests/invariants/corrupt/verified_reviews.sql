-- case: a review is verified by the order of somebody else
update product.product_reviews as r
set order_id = o.order_id, line_no = 1
from orders.orders as o
where o.source = 'agreed';
