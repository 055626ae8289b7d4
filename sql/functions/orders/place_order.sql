-- Place an order of items whose cart is kept elsewhere.
create or replace function orders.place_order(
    p_owner text,
    p_currency text,
    p_items jsonb,
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
    v_scope constant text := concat('orders.place_order/', p_owner);
    v_response jsonb;
begin
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'currency', p_currency, 'items', p_items, 'details', p_details
    ));
    if v_response is null then
        perform orders.check_order_items(p_items, false);
        perform orders.check_order_details(coalesce(p_details, '{}'));
        v_response := orders.place(
            v_scope, p_idempotency_key, p_owner, orders.find_customer(p_owner, true), null,
            p_currency, p_items, p_details, 'items'
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

comment on function orders.place_order(text, text, jsonb, jsonb, text) is
'Places an order for user:<number> or session:<text>, in a currency: 1 to order_lines_max items
{"sku", "quantity", "expected_price"?, "discounts"?, "taxes"?}, at the prices in force, which must
be those expected where the item states one. Details, all optional: "email", "phone",
"shipping_address", "billing_address" (fields of account.add_address); "shipping" {"method",
"amount", "discount", "tax_rate"}; "discounts" and "taxes" of all lines; "expected_total";
"prices_include_tax". A discount is {"code", "label"?, "amount" or "rate"}, a tax {"name",
"label"?, "rate"}; rates are fractions. The stock is held until the order expires. Returns its
key, number, status (pending), total and expiry. Errors: ORDER_INVALID (several rules are broken),
or the one of the rule: PRICE_CHANGED (with both prices), INSUFFICIENT_STOCK, PRODUCT_NOT_FOUND,
PRODUCT_NOT_ACTIVE, PRICE_UNAVAILABLE, ORDER_TOO_LARGE, ORDER_TOTAL_OUT_OF_RANGE,
PENDING_ORDER_LIMIT_REACHED, UNITS_PER_USER_EXCEEDED; USER_NOT_FOUND, USER_NOT_ACTIVE,
CURRENCY_NOT_FOUND, RULE_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function orders.place_order(text, text, jsonb, jsonb, text) to orders_service;
