-- Take the prices in force as the prices that the customer has seen.
create or replace function cart.see_prices(p_cart cart.carts, p_variant_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    update cart.cart_items as i
    set
        price_seen = l.price,
        price_seen_at = clock_timestamp(),
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    from cart.cart_lines(p_cart) as l
    where i.cart_id = (p_cart).cart_id and i.variant_id = l.variant_id
    and l.variant_id = any (p_variant_ids);
end;
$function$;

comment on function cart.see_prices(cart.carts, bigint[]) is
'Sets the price seen of lines to the price in force, null where there is none.';
