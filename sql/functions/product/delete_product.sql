-- Delete a product that nothing refers to, with its variants, prices, images and versions.
create or replace function product.delete_product(
    p_code text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (code text, product_id bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.delete_product';
    v_response jsonb;
    v_product_id bigint;
    v_variant_ids bigint[];
    v_references jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version, true);
        -- Against foreign keys too: who is adding a reference is waited for, and then seen.
        perform
        from product.variants as v
        where v.product_id = v_product_id
        order by v.sku
        for update;
        perform from product.products as p where p.product_id = v_product_id for update;
        v_variant_ids := array(
            select v.variant_id from product.variants as v where v.product_id = v_product_id
        );
        v_references := product.references_to(array[v_product_id], v_variant_ids);
        if v_references <> '[]' then
            perform core.refuse('SHP16', jsonb_build_object(
                'code', p_code, 'references', v_references
            ));
        end if;
        delete from product.variants as v where v.product_id = v_product_id;
        delete from product.products as p where p.product_id = v_product_id;
        perform product.refresh_search_documents(array[v_product_id]);
        perform events.emit(
            'product.deleted', 'product', array[v_product_id], array[p_expected_version + 1],
            array[jsonb_build_object('product_id', v_product_id, 'code', p_code)]
        );
        v_response := jsonb_build_object('code', p_code, 'product_id', v_product_id);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, product_id bigint);
end;
$function$;

comment on function product.delete_product(text, bigint, text) is
'Deletes a product with its variants, prices, images and versions, against the version that the
editor saw, if nothing refers to it: no stock, hold, cart, review or order. Otherwise SHP16 says
what does; archive it instead. Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, PRODUCT_IN_USE,
IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function product.delete_product(text, bigint, text) to product_editor;
