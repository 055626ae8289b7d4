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
    v_exponent smallint;
    v_max numeric;
    v_version bigint;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'currency', p_currency, 'amount', p_amount,
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
        v_exponent := core.check_currency(p_currency);
        v_max := core.rule('price_max', p_currency);
        if p_amount is null or p_amount <> round(p_amount, v_exponent) then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_amount', 'expected', 'at most ' || v_exponent || ' decimals'
            ));
        end if;
        if p_amount <= 0 or p_amount > coalesce(v_max, 1e15 - 1) then
            perform core.refuse('SHP05', jsonb_build_object(
                'price', p_amount, 'currency', p_currency, 'max', v_max
            ));
        end if;
        select r.version into v_version
        from product.prices as r
        where r.variant_id = v_variant_id and r.currency = p_currency;
        if coalesce(v_version, 0) is distinct from p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'sku', p_sku, 'currency', p_currency,
                'expected_version', p_expected_version, 'version', coalesce(v_version, 0)
            ));
        end if;

        insert into product.prices as r (variant_id, currency, amount, max_amount, updated_by)
        values (
            v_variant_id, p_currency, p_amount, coalesce(v_max, p_amount), core.actor()
        )
        on conflict on constraint prices_pkey do update
            set
                amount = excluded.amount,
                max_amount = excluded.max_amount,
                version = r.version + 1,
                updated_at = clock_timestamp(),
                updated_by = excluded.updated_by
        returning r.version into v_version;
        perform events.emit(
            'price.updated', 'variant', array[v_variant_id], null,
            array[jsonb_build_object(
                'variant_id', v_variant_id, 'currency', p_currency, 'amount', p_amount,
                'version', v_version
            )]
        );
        v_response := jsonb_build_object(
            'sku', p_sku, 'currency', p_currency, 'price', p_amount, 'version', v_version
        );
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
'Sets the base price of one unit of a SKU in a currency, against the version that the editor saw
(0 for none yet); returns it with its new version. Errors: PRODUCT_NOT_FOUND, CURRENCY_NOT_FOUND,
PRICE_OUT_OF_RANGE, CONCURRENT_MODIFICATION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function product.set_price(text, text, numeric, bigint, text) to product_service;
