-- Add an image to a product; the first one is its primary.
create or replace function product.add_image(
    p_code text,
    p_url text,
    p_expected_version bigint,
    p_alt text default '',
    p_sku text default null,
    p_position integer default null,
    p_is_primary boolean default false,
    p_idempotency_key text default null
)
returns table (code text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.add_image';
    v_image jsonb := jsonb_strip_nulls(jsonb_build_object(
        'url', p_url, 'alt', nullif(p_alt, ''), 'sku', p_sku,
        'is_primary', nullif(p_is_primary, false)
    ));
    v_response jsonb;
    v_product_id bigint;
    v_images jsonb;
begin
    perform product.check_content(
        'p_url, p_alt or p_sku', jsonb_build_object('images', jsonb_build_array(v_image))
    );
    if p_position < 1 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_position', 'expected', 'null for the end, or a place from 1'
        ));
    end if;

    v_response := core.claim_key(
        c_scope, p_idempotency_key,
        v_image || jsonb_build_object(
            'code', p_code, 'expected_version', p_expected_version, 'position', p_position
        )
    );
    if v_response is null then
        v_product_id := product.lock_product(p_code, p_expected_version);
        v_images := product.snapshot(v_product_id) -> 'images';
        if v_images @> jsonb_build_array(jsonb_build_object('url', p_url)) then
            perform core.refuse('SHP22', jsonb_build_object('code', p_code, 'url', p_url));
        end if;
        select jsonb_agg(i.image order by i.place, i.is_old)
        into v_images
        from (
            select
                case when p_is_primary then o.value - 'is_primary' else o.value end as image,
                o.ordinality as place, true as is_old
            from jsonb_array_elements(v_images) with ordinality as o
            union all
            select v_image, coalesce(p_position, 2147483647), false
        ) as i;
        perform product.check_content('p_url', jsonb_build_object('images', v_images));
        v_response := product.finish_edit(
            v_product_id,
            product.apply_content(v_product_id, jsonb_build_object('images', v_images)),
            'Added an image'
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (code text, version bigint, fields jsonb);
end;
$function$;

comment on function product.add_image(
    text, text, bigint, text, text, integer, boolean, text
) is
'Adds an image by its address (http, https or a path; at most 2,000 bytes), against the version of
the product that the editor saw: at a place from 1 or at the end, optionally for one variant and as
the primary; the first is the primary in any case. Returns the new version. Errors:
PRODUCT_NOT_FOUND, CONCURRENT_MODIFICATION, IMAGE_TAKEN, CONTENT_LIMIT_REACHED, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.add_image(
    text, text, bigint, text, text, integer, boolean, text
) to product_editor;
