-- Place an order at agreed prices: a quote, an order taken by telephone, one from another system.
create or replace function orders.place_agreed_order(
    p_owner text,
    p_currency text,
    p_items jsonb,
    p_reason text,
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
    c_scope constant text := 'orders.place_agreed_order';
    v_response jsonb;
    v_user account.users;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'owner', p_owner, 'currency', p_currency, 'items', p_items, 'reason', p_reason,
        'details', p_details
    ));
    if v_response is null then
        perform payment.check_words('p_reason', p_reason, 500);
        if p_owner is not null then
            v_user := orders.find_customer(p_owner, true);
        end if;
        perform orders.check_order_items(p_items, true);
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'item', i.ordinality, 'field', 'reason',
            'expected', 'no card number and no security code'
        ))
        from jsonb_array_elements(p_items) with ordinality as i
        where payment.holds_card_data(i.value ->> 'reason');
        perform orders.check_order_details(coalesce(p_details, '{}'));
        v_response := orders.place(
            c_scope, p_idempotency_key, p_owner, v_user, null, p_currency, (
                select jsonb_agg(
                    case when i.value ? 'unit_price'
                        then jsonb_build_object('reason', p_reason) || i.value
                        else i.value
                    end order by i.ordinality
                )
                from jsonb_array_elements(p_items) with ordinality as i
            ), p_details, 'agreed'
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

comment on function orders.place_agreed_order(text, text, jsonb, text, jsonb, text) is
'Places an order of items at agreed prices, for user:<number>, session:<text>, or nobody who is
known (null): items as for orders.place_order, with "unit_price" (from 0 up to the rule price_max)
where one was agreed, and "reason" where it is another than the one given for all; others are at
the prices in force. The line keeps the price of the base list, the agreed one and the reason. All
other rules hold as for every order. Returns what orders.place_order returns. Errors:
PRICE_OUT_OF_RANGE, ORDER_INVALID (several rules are broken), or the one of the rule:
PRICE_CHANGED (with both prices), INSUFFICIENT_STOCK, PRODUCT_NOT_FOUND, PRODUCT_NOT_ACTIVE,
PRICE_UNAVAILABLE, ORDER_TOO_LARGE, ORDER_TOTAL_OUT_OF_RANGE, PENDING_ORDER_LIMIT_REACHED,
UNITS_PER_USER_EXCEEDED; USER_NOT_FOUND, USER_NOT_ACTIVE, CURRENCY_NOT_FOUND, RULE_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function orders.place_agreed_order(text, text, jsonb, text, jsonb, text)
to orders_editor;
