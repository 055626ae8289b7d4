-- Roll content back: what an old version said becomes the next version.
--
-- Content only. Its status, the SKUs, barcodes and whether a variant is sold stay as they are, and
-- so do variants that came since.
create or replace function product.restore_content_version(
    p_code text,
    p_version bigint,
    p_expected_version bigint,
    p_fields text[] default null,
    p_summary text default null,
    p_idempotency_key text default null
)
returns table (code text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.restore_content_version';
    c_fields constant text[] := array[
        'brand', 'category', 'description', 'images', 'language', 'metadata', 'name', 'options',
        'slug', 'specifications', 'suppliers', 'tags', 'variants'
    ];
    v_fields text[] := coalesce(p_fields, c_fields);
    v_response jsonb;
    v_product_id bigint;
    v_before jsonb;
    v_content jsonb;
    v_changed jsonb;
begin
    if not v_fields <@ c_fields or array_position(v_fields, null) is not null
    or cardinality(v_fields) = 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_fields', 'expected', 'some of ' || array_to_string(c_fields, ', ')
        ));
    end if;
    if p_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_version', 'expected', 'the version to go back to'
        ));
    end if;
    perform core.check_text('p_summary', p_summary, 500) where p_summary is not null;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'version', p_version, 'expected_version', p_expected_version,
        'fields', p_fields, 'summary', p_summary
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version, true);
        select jsonb_object_agg(c.key, c.value)
        into v_content
        from jsonb_each((product.find_content_version(p_code, p_version)).snapshot) as c
        where c.key = any (v_fields);
        v_before := product.snapshot(v_product_id);
        if v_content ? 'variants' then
            perform product.restore_variants(v_product_id, v_content -> 'variants');
        end if;
        perform product.apply_content(v_product_id, v_content - 'variants');
        perform product.check_options(v_product_id);

        select coalesce(jsonb_agg(a.key order by a.key), '[]')
        into v_changed
        from jsonb_each(product.snapshot(v_product_id)) as a
        where a.value is distinct from v_before -> a.key;
        v_response := product.finish_edit(
            v_product_id, v_changed, coalesce(p_summary, 'Restored version ' || p_version)
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.restore_content_version(
    text, bigint, bigint, text[], text, text
) is
'Rolls a product''s content, or some fields of it, back to what a version said, against the version
that the editor saw; returns the new version and what changed. Status, SKUs, barcodes and which
variants are sold are no content and stay; variants that came since stay as they are.
Errors: PRODUCT_NOT_FOUND (also the SKU of an image), CONCURRENT_MODIFICATION, VERSION_NOT_FOUND,
CATEGORY_NOT_FOUND, PRODUCT_SLUG_TAKEN, OPTION_IN_USE, VARIANT_OPTIONS_TAKEN, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.restore_content_version(
    text, bigint, bigint, text[], text, text
) to product_editor;
