-- At log-in: what the guest has chosen goes to the user.
create or replace function cart.merge_carts(
    p_session text,
    p_user_id bigint,
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
    concat('cart.merge_carts/user:', p_user_id), p_session, concat('user:', p_user_id),
    p_idempotency_key
)) as r (cart_id uuid, version bigint, moved_lines integer, lines integer, units bigint);
$function$;

comment on function cart.merge_carts(text, bigint, text) is
'Gives the cart of a session (its token, without "session:") to a user who logs in, in one
transaction: lines of one SKU are added up, without a limit, so that nothing is lost
(cart.validate_cart tells what is too much); where the user has no cart, the guest''s becomes the
user''s. Holds go along. Returns the user''s cart as it is now (null where there is none either)
and how many lines came; a session without a cart is no error. Errors: USER_NOT_FOUND,
USER_NOT_ACTIVE, CART_BUSY, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function cart.merge_carts(text, bigint, text) to cart_service;
