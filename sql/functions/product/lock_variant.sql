-- Lock a variant for an edit, against the version that the editor saw, and then its product.
create or replace function product.lock_variant(p_sku text, p_expected_version bigint)
returns product.variants
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_variant product.variants;
begin
    select v.* into v_variant
    from product.variants as v
    where v.sku = p_sku
    for no key update;
    if not found then
        perform core.refuse('SHP01', jsonb_build_object('skus', jsonb_build_array(p_sku)));
    end if;
    if v_variant.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'sku', p_sku, 'expected_version', p_expected_version, 'version', v_variant.version,
            'last_updated_by', v_variant.updated_by
        ));
    end if;
    perform
    from product.products as p
    where p.product_id = v_variant.product_id
    for no key update;
    return v_variant;
end;
$function$;

comment on function product.lock_variant(text, bigint) is
'Locks a variant and its product; returns the variant.
Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION.';
