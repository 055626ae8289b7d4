-- Place an order of what is in a cart.
create or replace function orders.place_cart_order(
    p_owner text,
    p_expected_version bigint default null,
    p_details jsonb default null,
    p_idempotency_key text default null
)
returns table (
    order_id bigint, order_number text, status text, currency text, total numeric,
    expires_at timestamptz, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('orders.place_cart_order/', p_owner);
    v_response jsonb;
    v_user account.users;
    v_cart cart.carts;
    v_items jsonb;
begin
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'expected_version', p_expected_version, 'details', p_details
    ));
    if v_response is null then
        perform orders.check_order_details(coalesce(p_details - 'items', '{}'));
        v_user := orders.find_customer(p_owner, true);
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        v_items := orders.cart_items(v_cart, p_details);
        if p_details ? 'items' then
            perform orders.check_order_items(v_items, false);
        end if;
        v_response := orders.place(
            v_scope, p_idempotency_key, p_owner, v_user, v_cart, v_cart.currency, v_items,
            p_details - 'items', 'cart'
        );
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        order_id bigint, order_number text, status text, currency text, total numeric,
        expires_at timestamptz, version bigint
    );
end;
$function$;

comment on function orders.place_cart_order(text, bigint, jsonb, text) is
'Places an order of the active cart of user:<number> or session:<text>, if it still is at the
version that the customer saw (null is any), at the prices in force, which must be those that the
customer has seen in the cart; the cart is converted, and what it held is the order''s. Details as
for orders.place_order, and "items": [{"sku", "discounts"?, "taxes"?}] for those of single lines.
Returns the same. Errors: CART_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, CART_INVALID (it is
empty), ORDER_INVALID (several rules are broken), or the one of the rule: PRICE_CHANGED (with both
prices), INSUFFICIENT_STOCK, PRODUCT_NOT_FOUND, PRODUCT_NOT_ACTIVE, PRICE_UNAVAILABLE,
ORDER_TOO_LARGE, ORDER_TOTAL_OUT_OF_RANGE, PENDING_ORDER_LIMIT_REACHED, UNITS_PER_USER_EXCEEDED;
USER_NOT_FOUND, USER_NOT_ACTIVE, CURRENCY_NOT_FOUND, RULE_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.place_cart_order(text, bigint, jsonb, text) to orders_service;
