-- Lock a product for an edit, against the version that the editor saw.
--
-- Variants before the product, in the order of their SKUs, as product.import_products does; only
-- for a caller that changes variants.
create or replace function product.lock_product(
    p_code text,
    p_expected_version bigint,
    p_with_variants boolean default false
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_product product.products;
begin
    if p_with_variants then
        perform
        from product.variants as v
        where v.product_id = (select p.product_id from product.products as p where p.code = p_code)
        order by v.sku
        for no key update;
    end if;
    select p.* into v_product
    from product.products as p
    where p.code = p_code
    for no key update;
    if not found then
        perform core.refuse('SHP01', jsonb_build_object('code', p_code));
    end if;
    if v_product.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'code', p_code, 'expected_version', p_expected_version, 'version', v_product.version,
            'last_updated_by', v_product.updated_by
        ));
    end if;
    return v_product.product_id;
end;
$function$;

comment on function product.lock_product(text, bigint, boolean) is
'Locks a product, and its variants first where asked; returns its key.
Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION.';
