-- Change a variant, as an editor who saw the old one wants it.
--
-- Locks the variant before its product, as product.import_products does.
create or replace function product.update_variant(
    p_sku text,
    p_variant jsonb,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (sku text, variant_id bigint, version bigint, product_version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.update_variant';
    v_response jsonb;
    v_variant product.variants;
    v_version bigint;
begin
    perform product.check_variant(p_variant, false);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'variant', p_variant, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_variant := product.lock_variant(p_sku, p_expected_version);
        v_version := product.write_variant(v_variant.product_id, v_variant.variant_id, p_variant);
        v_response := product.finish_edit(
            v_variant.product_id,
            case when v_version is null then '[]' else '["variants"]' end::jsonb,
            'Changed ' || p_sku
        );
        v_response := jsonb_build_object(
            'sku', coalesce(p_variant ->> 'sku', p_sku), 'variant_id', v_variant.variant_id,
            'version', coalesce(v_version, v_variant.version),
            'product_version', v_response -> 'version'
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, variant_id bigint, version bigint, product_version bigint
    );
end;
$function$;

comment on function product.update_variant(text, jsonb, bigint, text) is
'Changes a variant, against its version that the editor saw; fields as of product.create_variant,
those left out stay; an inactive one is not sold. Returns the versions; where nothing has changed
they stay. Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, SKU_TAKEN, OPTION_NOT_FOUND,
VARIANT_OPTIONS_TAKEN, BARCODE_TAKEN, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function product.update_variant(text, jsonb, bigint, text) to product_editor;
