-- A cart is converted just when there is an order of it, and it is that owner's order.
select
    'cart ' || c.cart_id as object,
    jsonb_build_object('status', c.status, 'orders', count(o.order_id)) as detail
from cart.carts as c
left join orders.orders as o on o.cart_id = c.cart_id
group by c.cart_id, c.status, c.user_id
having count(o.order_id) <> case c.status when 'converted' then 1 else 0 end
or c.user_id is distinct from max(o.user_id) and count(o.order_id) > 0
