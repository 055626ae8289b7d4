-- Change the content of a product, as an editor who saw the old one wants it.
create or replace function product.update_product(
    p_code text,
    p_content jsonb,
    p_expected_version bigint,
    p_summary text default 'Edited',
    p_idempotency_key text default null
)
returns table (code text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.update_product';
    v_response jsonb;
    v_product_id bigint;
begin
    perform product.check_content('p_content', p_content);
    perform core.check_text('p_summary', p_summary, 500);

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'content', p_content, 'expected_version', p_expected_version,
        'summary', p_summary
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        v_response := product.finish_edit(
            v_product_id, product.apply_content(v_product_id, p_content), p_summary
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.update_product(text, jsonb, bigint, text, text) is
'Changes content, against the version that the editor saw; fields that are left out stay. An object
with some of name, description, language (ISO 639), brand, slug, category (a slug; these three may
be null), tags (texts, stored in lower case), metadata (an object), and lists that replace what is
there, in their order: options ({"name", "values": [...]}), specifications ({"group"?, "name",
"value", "unit"?}), images ({"url", "alt"?, "sku"?, "is_primary"?}), suppliers ({"supplier",
"reference"}). Returns the version and the fields that have changed; where none has, the version
stays. The summary (1 to 500 characters) is kept with the version. Errors: PRODUCT_NOT_FOUND (also
the SKU of an image), CONCURRENT_MODIFICATION, CATEGORY_NOT_FOUND, PRODUCT_SLUG_TAKEN,
OPTION_IN_USE, CONTENT_LIMIT_REACHED, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function product.update_product(text, jsonb, bigint, text, text)
to product_editor;
