-- Put units of a SKU into a cart, on top of what is there; the first addition opens the cart.
create or replace function cart.add_item_to_cart(
    p_owner text,
    p_sku text,
    p_quantity integer,
    p_currency text,
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
    v_scope constant text := concat('cart.add_item_to_cart/', p_owner);
    v_user_id constant bigint := (cart.find_owner(p_owner)).user_id;
    v_response jsonb;
    v_cart cart.carts;
    v_variant_id bigint;
    v_item cart.cart_items;
    v_version bigint;
begin
    perform cart.check_quantity(p_quantity);
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'quantity', p_quantity, 'currency', p_currency
    ));
    if v_response is null then
        perform core.check_currency(p_currency);
        perform cart.check_user(v_user_id);
        select v.variant_id into v_variant_id from product.variants as v where v.sku = p_sku;
        if not found then
            perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
        end if;
        v_cart := cart.take_cart(p_owner, p_currency);
        if v_cart.currency <> p_currency then
            perform core.refuse('SHK04', jsonb_build_object(
                'currency', v_cart.currency, 'requested', p_currency
            ));
        end if;
        v_item := cart.write_line(v_cart, v_variant_id, p_quantity + coalesce((
            select i.quantity::bigint
            from cart.cart_items as i
            where i.cart_id = v_cart.cart_id and i.variant_id = v_variant_id
        ), 0));
        v_version := cart.record_change(
            v_cart, 'add',
            jsonb_build_array(jsonb_build_object(
                'variant_id', v_variant_id, 'sku', p_sku, 'quantity', v_item.quantity
            )),
            'add', p_quantity * v_item.price_seen
        );
        v_response := jsonb_build_object(
            'cart_id', v_cart.public_id, 'version', v_version, 'sku', p_sku,
            'quantity', v_item.quantity, 'price', v_item.price_seen, 'currency', v_cart.currency
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        cart_id uuid, version bigint, sku text, quantity integer, price numeric, currency text
    );
end;
$function$;

comment on function cart.add_item_to_cart(text, text, integer, text, text) is
'Adds units of a SKU to the cart of user:<number> or session:<text>, in a currency; the first one
opens the cart in it. Returns the line as it is now, with the price of one unit that the customer
thereby has seen. Errors: INSUFFICIENT_STOCK (with what can be had of it), CART_LIMIT_EXCEEDED,
PRODUCT_NOT_FOUND, PRODUCT_NOT_ACTIVE, PRICE_UNAVAILABLE, CURRENCY_NOT_FOUND, CART_CURRENCY_DIFFERS,
USER_NOT_FOUND, USER_NOT_ACTIVE, CART_BUSY, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function cart.add_item_to_cart(text, text, integer, text, text)
to cart_service;
