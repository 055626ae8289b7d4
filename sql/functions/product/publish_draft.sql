-- Make a draft the content of its product.
create or replace function product.publish_draft(
    p_code text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (code text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.publish_draft';
    v_response jsonb;
    v_product product.products;
    v_draft product.content_drafts;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_draft := product.lock_draft(p_code, p_expected_version);
        select p.* into strict v_product
        from product.products as p
        where p.product_id = v_draft.product_id;
        if v_product.version <> v_draft.base_version then
            -- Somebody edited the product itself since: what, the editor has to see first.
            perform core.refuse('SHC02', jsonb_build_object(
                'code', p_code, 'expected_version', v_draft.base_version,
                'version', v_product.version, 'last_updated_by', v_product.updated_by
            ));
        end if;
        -- The rules may have changed since it was saved.
        perform product.check_content('p_content', v_draft.content);
        v_response := product.finish_edit(
            v_product.product_id,
            product.apply_content(v_product.product_id, v_draft.content), v_draft.summary
        );
        delete from product.content_drafts as d where d.product_id = v_product.product_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.publish_draft(text, bigint, text) is
'Makes the draft of a product its content, against the version of the draft that the editor saw;
returns the new version and what changed. A draft that was written against an older version of the
product is refused with CONCURRENT_MODIFICATION: save it again on the newest one.
Errors: PRODUCT_NOT_FOUND (also the SKU of an image), DRAFT_NOT_FOUND, CONCURRENT_MODIFICATION,
CATEGORY_NOT_FOUND, PRODUCT_SLUG_TAKEN, OPTION_IN_USE, CONTENT_LIMIT_REACHED, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.publish_draft(text, bigint, text) to product_editor;
