-- Delete a variant that nothing refers to, with its prices.
create or replace function product.delete_variant(
    p_sku text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (sku text, variant_id bigint, product_version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.delete_variant';
    v_response jsonb;
    v_variant product.variants;
    v_references jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_variant := product.lock_variant(p_sku, p_expected_version);
        -- Against foreign keys too: who is adding a reference is waited for, and then seen.
        perform
        from product.variants as v
        where v.variant_id = v_variant.variant_id
        for update;
        v_references := product.references_to('{}', array[v_variant.variant_id]);
        if v_references <> '[]' then
            perform core.refuse('SHP16', jsonb_build_object(
                'sku', p_sku, 'references', v_references
            ));
        end if;
        delete from product.variants as v where v.variant_id = v_variant.variant_id;
        v_response := product.finish_edit(
            v_variant.product_id, '["variants"]', 'Deleted ' || p_sku
        );
        v_response := jsonb_build_object(
            'sku', p_sku, 'variant_id', v_variant.variant_id,
            'product_version', v_response -> 'version'
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, variant_id bigint, product_version bigint
    );
end;
$function$;

comment on function product.delete_variant(text, bigint, text) is
'Deletes a variant with its prices, against its version that the editor saw, if nothing refers to
it: no stock, hold, cart or order. Otherwise SHP16 says what does; make it inactive instead.
Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, PRODUCT_IN_USE, IDEMPOTENCY_KEY_REUSED,
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function product.delete_variant(text, bigint, text) to product_editor;
