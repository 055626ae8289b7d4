-- case: a cart is converted without an order
update orders.orders set cart_id = null, source = 'items' where cart_id is not null;

-- case: a cart that is ordered is still active
update cart.carts
set status = 'active', closed_at = null
where status = 'converted';
