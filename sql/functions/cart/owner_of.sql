-- The owner of an active cart, as inventory.reserve_inventory takes it.
create or replace function cart.owner_of(p_cart cart.carts)
returns text
language sql
immutable
security invoker
return coalesce('user:' || (p_cart).user_id, 'session:' || (p_cart).session_token);

comment on function cart.owner_of(cart.carts) is
'The owner of a cart, null once a guest''s is closed.';
