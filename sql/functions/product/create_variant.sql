-- Add a sellable form to a product.
create or replace function product.create_variant(
    p_code text,
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
    c_scope constant text := 'product.create_variant';
    v_response jsonb;
    v_product_id bigint;
begin
    perform product.check_variant(p_variant, true);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'variant', p_variant, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        perform product.write_variant(v_product_id, null, p_variant);
        v_response := product.finish_edit(
            v_product_id, '["variants"]', 'Added ' || (p_variant ->> 'sku')
        );
        select jsonb_build_object(
            'sku', v.sku, 'variant_id', v.variant_id, 'version', v.version,
            'product_version', v_response -> 'version'
        )
        into v_response
        from product.variants as v
        where v.sku = p_variant ->> 'sku';
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, variant_id bigint, version bigint, product_version bigint
    );
end;
$function$;

comment on function product.create_variant(text, jsonb, bigint, text) is
'Adds a variant to a product, against the version of the product that the editor saw: an object with
sku (1 to 64 characters), name, and optionally options ({"Size": "L"}: values of the product''s own
options), barcode (8 to 14 digits), weight_grams, position and is_active (true). Returns its key and
the versions. Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, SKU_TAKEN, OPTION_NOT_FOUND,
VARIANT_OPTIONS_TAKEN, BARCODE_TAKEN, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function product.create_variant(text, jsonb, bigint, text) to product_editor;
