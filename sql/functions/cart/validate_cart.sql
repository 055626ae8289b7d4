-- Tell everything that is wrong with a cart at once.
create or replace function cart.validate_cart(p_owner text)
returns table (
    sku text, problem text, quantity integer, repaired_quantity integer, detail jsonb
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
select p.sku, p.problem, p.quantity, p.repaired_quantity, p.detail
from cart.find_problems(cart.find_cart(p_owner)) as p;
$function$;

comment on function cart.validate_cart(text) is
'Everything that is wrong with a cart, a row a problem, none where it can be bought as it is:
INSUFFICIENT_STOCK (0 available is sold out), PRICE_UNAVAILABLE, PRODUCT_NOT_ACTIVE,
CART_LIMIT_EXCEEDED or PRICE_CHANGED, each with its figures and the quantity that
cart.repair_cart would leave (0 takes the line away). A cart without lines, and none at all, is
told as empty, with no SKU. Errors: INVALID_ARGUMENT. Replica: yes.';
grant execute on function cart.validate_cart(text) to cart_service;
