-- Give a product the images that are listed, in this order.
--
-- In one statement: after each one the product has no image or exactly one primary.
create or replace function product.apply_images(p_product_id bigint, p_images jsonb)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_unknown jsonb;
begin
    select jsonb_agg(distinct i.sku)
    into v_unknown
    from jsonb_to_recordset(p_images) as i (sku text)
    where i.sku is not null and not exists (
        select
        from product.variants as v
        where v.sku = i.sku and v.product_id = p_product_id
    );
    if v_unknown is not null then
        perform core.refuse('SHP01', jsonb_build_object('skus', v_unknown));
    end if;

    with listed as (
        select
            i.ordinality as position, i.value ->> 'url' as url,
            coalesce(i.value ->> 'alt', '') as alt,
            (
                select v.variant_id from product.variants as v where v.sku = i.value ->> 'sku'
            ) as variant_id,
            coalesce(i.value -> 'is_primary' = 'true', false) as is_chosen
        from jsonb_array_elements(p_images) with ordinality as i
    ),
    -- The one that is named; else the one that was; else the first.
    ranked as (
        select
            l.*,
            row_number() over (
                order by l.is_chosen desc, coalesce(o.is_primary, false) desc, l.position
            ) = 1 as is_primary,
            o.image_no,
            row_number() over (partition by o.image_no is null order by l.position) as new_no
        from listed as l
        left join product.product_images as o on o.product_id = p_product_id and o.url = l.url
    ),
    deleted as (
        delete from product.product_images as o
        where o.product_id = p_product_id and o.url not in (select l.url from listed as l)
    )
    insert into product.product_images as o (
        product_id, image_no, url, alt, variant_id, position, is_primary
    )
    select
        p_product_id,
        coalesce(r.image_no, r.new_no + coalesce((
            select max(m.image_no)
            from product.product_images as m
            where m.product_id = p_product_id
        ), 0)),
        r.url, r.alt, r.variant_id, r.position, r.is_primary
    from ranked as r
    on conflict on constraint product_images_product_id_url_key do update
        set
            alt = excluded.alt,
            variant_id = excluded.variant_id,
            position = excluded.position,
            is_primary = excluded.is_primary;
end;
$function$;

comment on function product.apply_images(bigint, jsonb) is
'Replaces the images of a product; one that stays keeps its number. Errors: PRODUCT_NOT_FOUND.';
