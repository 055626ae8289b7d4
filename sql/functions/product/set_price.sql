-- Set the base price of a variant, as an editor who saw the old one wants it.
create or replace function product.set_price(
    p_sku text,
    p_currency text,
    p_amount numeric,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (sku text, currency text, price numeric, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.set_price';
    v_response jsonb;
    v_variant_id bigint;
    v_max numeric;
    v_version bigint;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'currency', p_currency, 'amount', trim_scale(p_amount),
        'expected_version', p_expected_version
    ));
    if v_response is null then
        -- Locking the variant lets two editors queue up, also for a price that is not there yet.
        select v.variant_id into v_variant_id
        from product.variants as v
        where v.sku = p_sku
        for no key update;
        if not found then
            perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
        end if;
        v_max := product.check_price(p_amount, p_currency);
        select r.version into v_version
        from product.prices as r
        inner join product.price_lists as l on l.price_list_id = r.price_list_id
        where r.variant_id = v_variant_id
        and r.currency = p_currency
        and l.kind = 'base'
        and r.min_quantity = 1
        and r.validity @> clock_timestamp();
        if coalesce(v_version, 0) is distinct from p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'sku', p_sku, 'currency', p_currency,
                'expected_version', p_expected_version, 'version', coalesce(v_version, 0)
            ));
        end if;

        select jsonb_build_object(
            'sku', p_sku, 'currency', p_currency, 'price', p_amount, 'version', w.version
        )
        into v_response
        from product.price_lists as l
        cross join lateral product.write_prices(
            array[v_variant_id], array[p_currency], array[l.price_list_id], array[1],
            array[p_amount], array[v_max]
        ) as w
        where l.kind = 'base';
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, currency text, price numeric, version bigint
    );
end;
$function$;

comment on function product.set_price(text, text, numeric, bigint, text) is
'Sets the base price of one unit of a SKU in a currency, from now until the next scheduled one
begins, against the version that the editor saw (0 where none is in force); returns it with its new
version, which stays where the amount does. Errors: PRODUCT_NOT_FOUND, CURRENCY_NOT_FOUND,
PRICE_OUT_OF_RANGE, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function product.set_price(text, text, numeric, bigint, text) to product_service;
