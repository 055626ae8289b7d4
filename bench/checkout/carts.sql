-- Carts %(first)s to %(last)s, each of five different variants, for the rivals and for us alike.
insert into rival.carts (id, session_token)
select n, 'cart-' || n from generate_series(%(first)s::bigint, %(last)s::bigint) as n;
insert into rival.cart_items (cart_id, variant_id, quantity, price_seen)
select n, v.variant_id, 1, 9.99
from generate_series(%(first)s::bigint, %(last)s::bigint) as n
cross join generate_series(0, 4) as l
cross join lateral (
    select w.variant_id from product.variants as w
    where w.sku = 'S' || 1 + l * 2000 + mod(n * 7919, 2000)
) as v;
insert into cart.carts (cart_id, session_token, currency, updated_by, expires_at)
overriding system value
select c.id, c.session_token, 'GBP', 'bench', now() + interval '20 days'
from rival.carts as c
where c.id between %(first)s and %(last)s;
insert into cart.cart_items (cart_id, variant_id, quantity, name_seen, price_seen, updated_by)
select i.cart_id, i.variant_id, i.quantity, 'Product', i.price_seen, 'bench'
from rival.cart_items as i
where i.cart_id between %(first)s and %(last)s;
