create or replace view cart.cart_item_list with (security_barrier = true) as
select
    i.cart_id,
    i.variant_id,
    v.sku,
    i.name_seen,
    i.quantity,
    i.price_seen,
    i.price_seen_at,
    c.currency,
    c.status as cart_status,
    i.added_at,
    i.updated_at
from cart.cart_items as i
inner join cart.carts as c on c.cart_id = i.cart_id
inner join product.variants as v on v.variant_id = i.variant_id;

comment on view cart.cart_item_list is
'Lines of carts as the customers saw them; cart.get_cart shows them as they are now. Replica: yes.';
grant select on cart.cart_item_list to cart_service;
