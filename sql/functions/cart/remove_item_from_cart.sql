-- Take a SKU out of a cart.
create or replace function cart.remove_item_from_cart(
    p_owner text,
    p_sku text,
    p_expected_version bigint default null,
    p_idempotency_key text default null
)
returns table (cart_id uuid, version bigint, sku text, quantity integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('cart.remove_item_from_cart/', p_owner);
    v_response jsonb;
    v_cart cart.carts;
    v_item cart.cart_items;
    v_version bigint;
begin
    perform cart.find_owner(p_owner);
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        v_item := cart.find_line(v_cart, p_sku);
        delete from cart.cart_items as i
        where i.cart_id = v_cart.cart_id and i.variant_id = v_item.variant_id;
        v_version := cart.record_change(
            v_cart, 'remove',
            jsonb_build_array(jsonb_build_object(
                'variant_id', v_item.variant_id, 'sku', p_sku, 'quantity', 0
            )),
            'removal'
        );
        v_response := jsonb_build_object(
            'cart_id', v_cart.public_id, 'version', v_version, 'sku', p_sku,
            'quantity', v_item.quantity
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
        perform inventory.shrink_holds(p_owner, array[v_item.variant_id], array[0]);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        cart_id uuid, version bigint, sku text, quantity integer
    );
end;
$function$;

comment on function cart.remove_item_from_cart(text, text, bigint, text) is
'Takes a SKU out of a cart, against the version that the customer saw, if one is given; returns how
many units there were. Holds of the owner for it are released. Errors: CART_NOT_FOUND,
CART_LINE_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function cart.remove_item_from_cart(text, text, bigint, text) to cart_service;
