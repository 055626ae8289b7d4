-- Set a price for a time. It takes effect by itself: what reads prices compares times.
--
-- Nothing can be set for a time that is over. What stands in the way of the new price is cut around
-- it where the caller says so: what was in force before goes on until it begins, and again from
-- its end on.
create or replace function product.schedule_price(
    p_sku text,
    p_currency text,
    p_amount numeric,
    p_valid_from timestamptz default null,
    p_valid_until timestamptz default null,
    p_price_list text default 'base',
    p_min_quantity integer default 1,
    p_is_replacing boolean default false,
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
    c_scope constant text := 'product.schedule_price';
    v_response jsonb;
    v_variant_id bigint;
    v_price_list_id bigint;
    v_max numeric;
    v_now timestamptz;
    v_window tstzrange;
    v_in_the_way jsonb;
    v_cut bigint[];
    v_rest bigint[];
    v_price_id bigint;
begin
    if p_min_quantity is null or p_min_quantity not between 1 and 999999999 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_min_quantity', 'expected', 'a whole number from 1 to 999999999'
        ));
    end if;
    perform product.check_window(p_valid_from, p_valid_until);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'currency', p_currency, 'amount', trim_scale(p_amount),
        'valid_from', p_valid_from at time zone 'UTC',
        'valid_until', p_valid_until at time zone 'UTC', 'price_list', p_price_list,
        'min_quantity', p_min_quantity, 'is_replacing', p_is_replacing
    ));
    if v_response is null then
        select v.variant_id into v_variant_id
        from product.variants as v
        where v.sku = p_sku
        for no key update;
        if not found then
            perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
        end if;
        v_price_list_id := product.find_price_list(p_price_list);
        v_max := product.check_price(p_amount, p_currency);
        v_now := clock_timestamp();
        if p_valid_from < v_now or p_valid_until <= v_now then
            perform core.refuse('22023', jsonb_build_object(
                'argument', case when p_valid_from < v_now then 'p_valid_from'
                    else 'p_valid_until' end,
                'expected', 'not in the past; null for now and for good'
            ));
        end if;
        v_window := tstzrange(coalesce(p_valid_from, v_now), p_valid_until);

        select jsonb_agg(
            jsonb_build_object(
                'price_id', x.price_id, 'amount', x.amount, 'valid_from', lower(x.validity),
                'valid_until', upper(x.validity)
            )
            order by lower(x.validity) nulls first
        )
        into v_in_the_way
        from product.prices as x
        where x.variant_id = v_variant_id
        and x.currency = p_currency
        and x.price_list_id = v_price_list_id
        and x.min_quantity = p_min_quantity
        and x.validity && v_window;
        if v_in_the_way is not null and p_is_replacing is not true then
            perform core.refuse('SHP33', jsonb_build_object(
                'sku', p_sku, 'currency', p_currency, 'price_list', p_price_list,
                'min_quantity', p_min_quantity, 'prices', v_in_the_way
            ));
        end if;

        -- What goes on after the new price is a row of its own, made once the old one has shrunk.
        with cut as (
            update product.prices as x
            set
                validity = case
                    when lower(x.validity) is null or lower(x.validity) < lower(v_window)
                        then tstzrange(lower(x.validity), lower(v_window))
                    when upper(v_window) is not null
                    and (upper_inf(x.validity) or upper(x.validity) > upper(v_window))
                        then tstzrange(upper(v_window), upper(x.validity))
                    else 'empty'
                end,
                version = x.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            from jsonb_to_recordset(coalesce(v_in_the_way, '[]')) as w (
                price_id bigint, valid_from timestamptz, valid_until timestamptz
            )
            where x.variant_id = v_variant_id and x.price_id = w.price_id
            returning
                x.price_id,
                (w.valid_from is null or w.valid_from < lower(v_window))
                and upper(v_window) is not null
                and (w.valid_until is null or w.valid_until > upper(v_window)) as has_rest
        )
        select array_agg(c.price_id), array_agg(c.price_id) filter (where c.has_rest)
        into v_cut, v_rest
        from cut as c;
        with rest as (
            insert into product.prices as x (
                variant_id, currency, price_list_id, min_quantity, amount, max_amount, validity,
                updated_by
            )
            select
                v_variant_id, p_currency, v_price_list_id, p_min_quantity, o.amount, o.max_amount,
                tstzrange(upper(v_window), w.valid_until), core.actor()
            from product.prices as o
            inner join jsonb_to_recordset(v_in_the_way) as w (
                price_id bigint, valid_until timestamptz
            ) on w.price_id = o.price_id
            where o.variant_id = v_variant_id and o.price_id = any (v_rest)
            returning x.price_id
        )
        select v_cut || array_agg(r.price_id) into v_cut from rest as r;
        insert into product.prices as x (
            variant_id, currency, price_list_id, min_quantity, amount, max_amount, validity,
            updated_by
        )
        values (
            v_variant_id, p_currency, v_price_list_id, p_min_quantity, p_amount, v_max, v_window,
            core.actor()
        )
        returning x.price_id into v_price_id;

        v_cut := v_cut || v_price_id;
        perform product.record_prices(array_fill(v_variant_id, array[cardinality(v_cut)]), v_cut);
        v_response := jsonb_build_object(
            'price_id', v_price_id, 'version', 1, 'valid_from', lower(v_window),
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
product.schedule_price(
    text, text, numeric, timestamptz, timestamptz, text, integer, boolean, text
) is
'Sets the price of one unit of a SKU in a currency and price list, from a quantity on, for a time:
from a moment (null for now) until another one (exclusive; null for good). Where another price of
that list and quantity is set for some of the time, it is refused, or cut around the new one where
p_is_replacing says so. Returns the key that product.update_price and product.end_price take.
Errors: PRODUCT_NOT_FOUND, PRICE_LIST_NOT_FOUND, CURRENCY_NOT_FOUND, PRICE_OUT_OF_RANGE,
PRICE_OVERLAPS, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function
product.schedule_price(
    text, text, numeric, timestamptz, timestamptz, text, integer, boolean, text
) to product_editor;
