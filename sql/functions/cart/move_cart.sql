-- When a session gets a new token, or a guest goes on elsewhere.
create or replace function cart.move_cart(
    p_session text,
    p_to_session text,
    p_idempotency_key text default null
)
returns table (
    cart_id uuid, version bigint, moved_lines integer, lines integer, units bigint
)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
select r.cart_id, r.version, r.moved_lines, r.lines, r.units
from jsonb_to_record(cart.transfer(
    concat('cart.move_cart/session:', p_to_session), p_session,
    concat('session:', p_to_session), p_idempotency_key
)) as r (cart_id uuid, version bigint, moved_lines integer, lines integer, units bigint);
$function$;

comment on function cart.move_cart(text, text, text) is
'Gives the cart of a session to another session (tokens, without "session:"), as cart.merge_carts
gives it to a user. Errors: CART_BUSY, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function cart.move_cart(text, text, text) to cart_service;
