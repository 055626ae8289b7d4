-- Set how many units of a SKU a cart has.
create or replace function cart.update_item_quantity(
    p_owner text,
    p_sku text,
    p_quantity integer,
    p_expected_version bigint default null,
    p_idempotency_key text default null
)
returns table (
    cart_id uuid, version bigint, sku text, quantity integer, price numeric, currency text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('cart.update_item_quantity/', p_owner);
    v_user_id constant bigint := (cart.find_owner(p_owner)).user_id;
    v_response jsonb;
    v_cart cart.carts;
    v_item cart.cart_items;
    v_version bigint;
begin
    perform cart.check_quantity(p_quantity);
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'quantity', p_quantity, 'expected_version', p_expected_version
    ));
    if v_response is null then
        perform cart.check_user(v_user_id);
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        v_item := cart.find_line(v_cart, p_sku);
        v_item := cart.write_line(v_cart, v_item.variant_id, p_quantity);
        v_version := cart.record_change(
            v_cart, 'set_quantity',
            jsonb_build_array(jsonb_build_object(
                'variant_id', v_item.variant_id, 'sku', p_sku, 'quantity', p_quantity
            )),
            'quantity_change'
        );
        v_response := jsonb_build_object(
            'cart_id', v_cart.public_id, 'version', v_version, 'sku', p_sku,
            'quantity', p_quantity, 'price', v_item.price_seen, 'currency', v_cart.currency
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
        perform inventory.shrink_holds(p_owner, array[v_item.variant_id], array[p_quantity]);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        cart_id uuid, version bigint, sku text, quantity integer, price numeric, currency text
    );
end;
$function$;

comment on function cart.update_item_quantity(text, text, integer, bigint, text) is
'Sets the units of a SKU in a cart, against the version that the customer saw, if one is given;
returns the line as it is now. Holds of the owner that exceed the quantity are released. Errors:
CART_NOT_FOUND, CART_LINE_NOT_FOUND, INSUFFICIENT_STOCK (with what can be had of it),
CART_LIMIT_EXCEEDED, PRODUCT_NOT_ACTIVE, PRICE_UNAVAILABLE, USER_NOT_FOUND, USER_NOT_ACTIVE,
CART_BUSY, CONCURRENT_MODIFICATION, INVALID_ARGUMENT (also for 0: cart.remove_item_from_cart does
that), IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function cart.update_item_quantity(text, text, integer, bigint, text)
to cart_service;
