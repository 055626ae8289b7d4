-- Edit a price that is in force or scheduled: its amount and its time.
create or replace function product.update_price(
    p_sku text,
    p_price_id bigint,
    p_expected_version bigint,
    p_amount numeric,
    p_valid_from timestamptz default null,
    p_valid_until timestamptz default null,
    p_idempotency_key text default null
)
returns table (
    price_id bigint, version bigint, valid_from timestamptz, valid_until timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.update_price';
    v_response jsonb;
    v_price product.prices;
    v_max numeric;
    v_now timestamptz;
    v_window tstzrange;
    v_in_the_way jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'price_id', p_price_id, 'expected_version', p_expected_version,
        'amount', trim_scale(p_amount),
        'valid_from', p_valid_from at time zone 'UTC',
        'valid_until', p_valid_until at time zone 'UTC'
    ));
    if v_response is null then
        v_price := product.lock_price(p_sku, p_price_id, p_expected_version);
        v_max := product.check_price(p_amount, v_price.currency);
        v_now := clock_timestamp();
        if lower(v_price.validity) > v_now then
            if p_valid_from < v_now then
                perform core.refuse('22023', jsonb_build_object(
                    'argument', 'p_valid_from', 'expected', 'not in the past; null for now'
                ));
            end if;
            v_window := product.check_window(coalesce(p_valid_from, v_now), p_valid_until);
        else
            if p_valid_from is distinct from lower(v_price.validity)
            and p_valid_from is not null then
                perform core.refuse('22023', jsonb_build_object(
                    'argument', 'p_valid_from', 'valid_from', lower(v_price.validity),
                    'expected', 'null, or what it is: the price is in force already'
                ));
            end if;
            v_window := product.check_window(lower(v_price.validity), p_valid_until);
        end if;
        if p_valid_until <= v_now then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_valid_until', 'expected', 'not in the past; null for good'
            ));
        end if;
        select jsonb_agg(
            jsonb_build_object(
                'price_id', x.price_id, 'amount', x.amount, 'valid_from', lower(x.validity),
                'valid_until', upper(x.validity)
            )
            order by lower(x.validity) nulls first
        )
        into v_in_the_way
        from product.prices as x
        where x.variant_id = v_price.variant_id
        and x.currency = v_price.currency
        and x.price_list_id = v_price.price_list_id
        and x.min_quantity = v_price.min_quantity
        and x.price_id <> p_price_id
        and x.validity && v_window;
        if v_in_the_way is not null then
            perform core.refuse('SHP33', jsonb_build_object(
                'sku', p_sku, 'price_id', p_price_id, 'prices', v_in_the_way
            ));
        end if;

        update product.prices as x
        set
            amount = p_amount,
            max_amount = v_max,
            validity = v_window,
            version = x.version + 1,
            updated_at = clock_timestamp(),
            updated_by = core.actor()
        where x.variant_id = v_price.variant_id and x.price_id = p_price_id
        returning x.* into v_price;
        perform product.record_prices(array[v_price.variant_id], array[p_price_id]);
        v_response := jsonb_build_object(
            'price_id', p_price_id, 'version', v_price.version, 'valid_from', lower(v_window),
            'valid_until', p_valid_until
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        price_id bigint, version bigint, valid_from timestamptz, valid_until timestamptz
    );
exception
    when exclusion_violation then
        -- Under the variant's lock only a snapshot that is older than it can miss a price.
        perform core.refuse('40001', '{}');
end;
$function$;

comment on function
product.update_price(text, bigint, bigint, numeric, timestamptz, timestamptz, text) is
'Gives a price of a SKU, by the key that product.price_schedule shows, an amount and a time, against
the version that the editor saw. The beginning can change until it has come (null for now); the end
is exclusive, null for good. Errors: PRODUCT_NOT_FOUND, PRICE_NOT_FOUND, PRICE_IS_OVER,
PRICE_OUT_OF_RANGE, PRICE_OVERLAPS, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function
product.update_price(text, bigint, bigint, numeric, timestamptz, timestamptz, text)
to product_editor;
