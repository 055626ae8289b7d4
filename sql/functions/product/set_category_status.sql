-- Hide a category with all below it from customers, or show it again.
create or replace function product.set_category_status(
    p_slug text,
    p_status text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (category_id bigint, slug text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.set_category_status';
    v_response jsonb;
    v_old product.categories;
    v_new product.categories;
begin
    if p_status is null or p_status not in ('active', 'archived') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_status', 'expected', 'active or archived'
        ));
    end if;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'slug', p_slug, 'status', p_status, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_old := product.lock_category(p_slug, p_expected_version);
        v_new := v_old;
        v_new.status := p_status;
        v_response := product.write_category(v_old, v_new);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        category_id bigint, slug text, version bigint, fields jsonb
    );
end;
$function$;

comment on function product.set_category_status(text, text, bigint, text) is
'Makes a category active or archived, against the version that the editor saw. An archived one is
hidden with all below it; its products are still sold. Returns its key, slug and version and the
fields that have changed. Errors: CATEGORY_NOT_FOUND, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.set_category_status(text, text, bigint, text)
to product_editor;
