-- Put the images of a product in order.
create or replace function product.arrange_images(
    p_code text,
    p_urls text[],
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
    c_scope constant text := 'product.arrange_images';
    v_response jsonb;
    v_product_id bigint;
    v_urls text[];
    v_is_changed boolean;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'code', p_code, 'urls', p_urls, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        v_urls := array(
            select i.url from product.product_images as i where i.product_id = v_product_id
        );
        if p_urls is null or cardinality(p_urls) <> cardinality(v_urls)
        or not (p_urls @> v_urls and p_urls <@ v_urls) then
            perform core.refuse('22023', jsonb_build_object(
                'argument', 'p_urls', 'expected', 'the address of each image, once',
                'images', cardinality(v_urls)
            ));
        end if;
        update product.product_images as i
        set position = o.position
        from unnest(p_urls) with ordinality as o (url, position)
        where i.product_id = v_product_id and i.url = o.url and i.position <> o.position;
        v_is_changed := found;
        v_response := product.finish_edit(
            v_product_id, case when v_is_changed then '["images"]' else '[]' end::jsonb,
            'Arranged the images'
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.arrange_images(text, text[], bigint, text) is
'Puts the images of a product in the order of the addresses, which name each of them once, against
the version of the product that the editor saw; the primary stays the primary. Returns the new
version. Errors: PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.arrange_images(text, text[], bigint, text) to product_editor;
