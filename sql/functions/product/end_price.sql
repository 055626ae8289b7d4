-- End a price now; one that has not begun never will.
create or replace function product.end_price(
    p_sku text,
    p_price_id bigint,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (price_id bigint, version bigint, valid_until timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.end_price';
    v_response jsonb;
    v_price product.prices;
    v_now timestamptz;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'price_id', p_price_id, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_price := product.lock_price(p_sku, p_price_id, p_expected_version);
        v_now := clock_timestamp();
        update product.prices as x
        set
            validity = case
                when lower(x.validity) >= v_now then 'empty'
                else tstzrange(lower(x.validity), v_now)
            end,
            version = x.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where x.variant_id = v_price.variant_id and x.price_id = p_price_id
        returning x.* into v_price;
        perform product.record_prices(array[v_price.variant_id], array[p_price_id]);
        v_response := jsonb_build_object(
            'price_id', p_price_id, 'version', v_price.version,
            'valid_until', upper(v_price.validity)
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        price_id bigint, version bigint, valid_until timestamptz
    );
end;
$function$;

comment on function product.end_price(text, bigint, bigint, text) is
'Ends a price of a SKU now, against the version that the editor saw; a scheduled one is withdrawn
(its end is null then). Where no other list has a price, the SKU has none. Errors:
PRODUCT_NOT_FOUND, PRICE_NOT_FOUND, PRICE_IS_OVER, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.end_price(text, bigint, bigint, text) to product_editor;
