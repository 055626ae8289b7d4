-- Lock a price for an edit, against the version that the editor saw: the variant before it, as
-- everywhere. What is over is part of the past, which no edit changes.
create or replace function product.lock_price(
    p_sku text,
    p_price_id bigint,
    p_expected_version bigint
)
returns product.prices
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_variant_id bigint;
    v_price product.prices;
begin
    select v.variant_id into v_variant_id
    from product.variants as v
    where v.sku = p_sku
    for no key update;
    if not found then
        perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
    end if;
    select x.* into v_price
    from product.prices as x
    where x.variant_id = v_variant_id and x.price_id = p_price_id
    for no key update;
    if not found then
        perform core.refuse('SHP34', jsonb_build_object('sku', p_sku, 'price_id', p_price_id));
    end if;
    if v_price.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'sku', p_sku, 'price_id', p_price_id, 'expected_version', p_expected_version,
            'version', v_price.version, 'last_updated_by', v_price.updated_by
        ));
    end if;
    if isempty(v_price.validity) or upper(v_price.validity) <= clock_timestamp() then
        perform core.refuse('SHP35', jsonb_build_object(
            'sku', p_sku, 'price_id', p_price_id, 'valid_until', upper(v_price.validity)
        ));
    end if;
    return v_price;
end;
$function$;

comment on function product.lock_price(text, bigint, bigint) is
'Locks a variant and one of its prices; returns the price. Errors: PRODUCT_NOT_FOUND,
PRICE_NOT_FOUND, PRICE_IS_OVER, CONCURRENT_MODIFICATION.';
