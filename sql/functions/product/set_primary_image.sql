-- Give the place of the primary image to another one, in one statement.
create or replace function product.set_primary_image(
    p_code text,
    p_url text,
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
    c_scope constant text := 'product.set_primary_image';
    v_response jsonb;
    v_product_id bigint;
    v_is_changed boolean;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'url', p_url, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        if p_url is null or not exists (
            select
            from product.product_images as i
            where i.product_id = v_product_id and i.url = p_url
        ) then
            perform core.refuse('SHP21', jsonb_build_object('code', p_code, 'url', p_url));
        end if;
        update product.product_images as i
        set is_primary = i.url = p_url
        where i.product_id = v_product_id and i.is_primary <> (i.url = p_url);
        v_is_changed := found;
        v_response := product.finish_edit(
            v_product_id, case when v_is_changed then '["images"]' else '[]' end::jsonb,
            'Chose the primary image'
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.set_primary_image(text, text, bigint, text) is
'Makes an image the primary one of its product, against the version of the product that the editor
saw. Returns the new version; where it was the primary already, the version stays.
Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, IMAGE_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.set_primary_image(text, text, bigint, text) to product_editor;
