-- Change the currency of a cart.
create or replace function cart.set_currency(
    p_owner text,
    p_currency text,
    p_expected_version bigint default null,
    p_idempotency_key text default null
)
returns table (cart_id uuid, version bigint, currency text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('cart.set_currency/', p_owner);
    v_response jsonb;
    v_cart cart.carts;
    v_variant_ids bigint[];
    v_items jsonb;
begin
    perform cart.find_owner(p_owner);
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'currency', p_currency, 'expected_version', p_expected_version
    ));
    if v_response is null then
        perform core.check_currency(p_currency);
        v_cart := cart.lock_cart(p_owner, p_expected_version);
        if v_cart.currency <> p_currency then
            update cart.carts as c
            set currency = p_currency
            where c.cart_id = v_cart.cart_id
            returning c.* into v_cart;
            select
                array_agg(i.variant_id),
                coalesce(jsonb_agg(jsonb_build_object(
                    'variant_id', i.variant_id, 'sku', v.sku, 'quantity', i.quantity
                ) order by i.variant_id), '[]')
            into v_variant_ids, v_items
            from cart.cart_items as i
            inner join product.variants as v on v.variant_id = i.variant_id
            where i.cart_id = v_cart.cart_id;
            perform cart.see_prices(v_cart, v_variant_ids);
            v_cart.version := cart.record_change(v_cart, 'set_currency', v_items);
        end if;
        v_response := jsonb_build_object(
            'cart_id', v_cart.public_id, 'version', v_cart.version, 'currency', p_currency
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (cart_id uuid, version bigint, currency text);
end;
$function$;

comment on function cart.set_currency(text, text, bigint, text) is
'Changes the currency of a cart, against the version that the customer saw, if one is given: prices
seen become those in force in it; lines without one stay, and cart.validate_cart tells. Errors:
CURRENCY_NOT_FOUND, CART_NOT_FOUND, CART_BUSY, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function cart.set_currency(text, text, bigint, text) to cart_service;
