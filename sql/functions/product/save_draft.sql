-- Keep changes for later: nothing of the product changes until product.publish_draft.
--
-- Under the lock of the product: two editors who begin a draft meet there.
create or replace function product.save_draft(
    p_code text,
    p_content jsonb,
    p_base_version bigint,
    p_expected_version bigint default 0,
    p_summary text default 'Edited',
    p_idempotency_key text default null
)
returns table (code text, draft_version bigint, base_version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.save_draft';
    v_response jsonb;
    v_product_id bigint;
    v_version bigint;
begin
    perform product.check_content('p_content', p_content);
    perform core.check_text('p_summary', p_summary, 500);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'content', p_content, 'base_version', p_base_version,
        'expected_version', p_expected_version, 'summary', p_summary
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_base_version);
        perform product.check_draft(v_product_id, p_code, p_expected_version);
        insert into product.content_drafts as d (
            product_id, content, base_version, summary, updated_by
        )
        values (v_product_id, p_content, p_base_version, p_summary, core.actor())
        on conflict on constraint content_drafts_pkey do update
            set
                content = excluded.content,
                base_version = excluded.base_version,
                summary = excluded.summary,
                version = d.version + 1,
                updated_at = clock_timestamp(),
                updated_by = excluded.updated_by
        returning d.version into v_version;
        perform events.emit(
            'content.draft_saved', 'product', array[v_product_id], null,
            array[jsonb_build_object(
                'product_id', v_product_id, 'code', p_code, 'draft_version', v_version,
                'base_version', p_base_version
            )]
        );
        v_response := jsonb_build_object(
            'code', p_code, 'draft_version', v_version, 'base_version', p_base_version
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        code text, draft_version bigint, base_version bigint
    );
end;
$function$;

comment on function product.save_draft(text, jsonb, bigint, bigint, text, text) is
'Saves changes to a product''s content as its draft, which nobody but editors sees: content as
product.update_product takes it, the version of the product that it was written against, and the
version of the draft that the editor saw (0 for none yet). Returns both. Errors: PRODUCT_NOT_FOUND,
CONCURRENT_MODIFICATION, CONTENT_LIMIT_REACHED, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function product.save_draft(text, jsonb, bigint, bigint, text, text)
to product_editor;
