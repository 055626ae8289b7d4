create or replace function product.discard_draft(
    p_code text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (code text, draft_version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.discard_draft';
    v_response jsonb;
    v_draft product.content_drafts;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_draft := product.lock_draft(p_code, p_expected_version);
        delete from product.content_drafts as d where d.product_id = v_draft.product_id;
        perform events.emit(
            'content.draft_discarded', 'product', array[v_draft.product_id], null,
            array[jsonb_build_object(
                'product_id', v_draft.product_id, 'code', p_code, 'draft_version', v_draft.version
            )]
        );
        v_response := jsonb_build_object('code', p_code, 'draft_version', v_draft.version);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, draft_version bigint);
end;
$function$;

comment on function product.discard_draft(text, bigint, text) is
'Throws the draft of a product away, against the version of it that the editor saw; returns that.
Errors: PRODUCT_NOT_FOUND, DRAFT_NOT_FOUND, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.discard_draft(text, bigint, text) to product_editor;
