-- Close the cart of a user who is being anonymised, under the user's lock.
create or replace function cart.forget_user(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_owner constant text := 'user:' || p_user_id;
    v_cart cart.carts;
    v_variant_ids bigint[];
begin
    v_cart := cart.take_cart(v_owner, null);
    if v_cart.cart_id is not null then
        v_variant_ids := array(
            select i.variant_id from cart.cart_items as i where i.cart_id = v_cart.cart_id
        );
        perform cart.close_cart(v_cart, 'expired', null);
        perform inventory.release_holds(
            array_fill(v_owner, array[cardinality(v_variant_ids)]), v_variant_ids
        )
        where cardinality(v_variant_ids) > 0;
    end if;
end;
$function$;

comment on function cart.forget_user(bigint) is
'Closes the active cart of a user and releases its holds. Errors: CART_BUSY.';
