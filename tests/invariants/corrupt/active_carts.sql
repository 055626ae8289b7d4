-- case: a user has two active carts
drop index cart.carts_active_user_key;
insert into cart.carts (user_id, currency, updated_by, expires_at)
select c.user_id, c.currency, 'nobody', c.expires_at
from cart.carts as c
where c.status = 'active';

-- case: two carts are merged into each other
update cart.carts as c
set status = 'merged', merged_into = m.cart_id, closed_at = clock_timestamp()
from cart.carts as m
where c.status = 'active' and m.status = 'merged';
