-- Take an image from a product; where it was the primary, the first of the others becomes it.
create or replace function product.remove_image(
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
    c_scope constant text := 'product.remove_image';
    v_response jsonb;
    v_product_id bigint;
    v_images jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'url', p_url, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        v_images := product.snapshot(v_product_id) -> 'images';
        if not v_images @> jsonb_build_array(jsonb_build_object('url', p_url)) then
            perform core.refuse('SHP21', jsonb_build_object('code', p_code, 'url', p_url));
        end if;
        select coalesce(jsonb_agg(i.value order by i.ordinality), '[]')
        into v_images
        from jsonb_array_elements(v_images) with ordinality as i
        where i.value ->> 'url' <> p_url;
        v_response := product.finish_edit(
            v_product_id,
            product.apply_content(v_product_id, jsonb_build_object('images', v_images)),
            'Removed an image'
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.remove_image(text, text, bigint, text) is
'Takes an image from a product by its address, against the version of the product that the editor
saw; where it was the primary, the first of the others becomes it. Returns the new version. Errors:
PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, IMAGE_NOT_FOUND, IDEMPOTENCY_KEY_REUSED,
INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function product.remove_image(text, text, bigint, text) to product_editor;
