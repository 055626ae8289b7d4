-- The draft of a product, against the version of it that the editor saw; 0 is none.
create or replace function product.check_draft(
    p_product_id bigint,
    p_code text,
    p_expected_version bigint
)
returns product.content_drafts
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_draft product.content_drafts;
begin
    select d.* into v_draft
    from product.content_drafts as d
    where d.product_id = p_product_id
    for update;
    if coalesce(v_draft.version, 0) is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'code', p_code, 'expected_version', p_expected_version,
            'draft_version', coalesce(v_draft.version, 0), 'last_updated_by', v_draft.updated_by
        ));
    end if;
    return v_draft;
end;
$function$;

comment on function product.check_draft(bigint, text, bigint) is
'Locks the draft of a product and compares its version, 0 for none; returns it.
Errors: CONCURRENT_MODIFICATION.';
