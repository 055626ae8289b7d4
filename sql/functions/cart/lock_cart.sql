-- Lock a cart that has to be there, as a customer who has seen a version.
create or replace function cart.lock_cart(p_owner text, p_expected_version bigint)
returns cart.carts
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_cart constant cart.carts := cart.take_cart(p_owner, null);
begin
    if v_cart.cart_id is null then
        perform core.refuse('SHK01', '{}');
    elsif v_cart.version <> p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'cart_id', v_cart.public_id, 'expected_version', p_expected_version,
            'version', v_cart.version
        ));
    end if;
    return v_cart;
end;
$function$;

comment on function cart.lock_cart(text, bigint) is
'The active cart of an owner, locked, if it still is at that version (null is any). Errors:
CART_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, INVALID_ARGUMENT.';
