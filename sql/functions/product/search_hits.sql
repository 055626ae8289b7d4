-- What a page of results shows of its products, as it is at this moment.
create or replace function product.search_hits(
    p_product_ids bigint[],
    p_offer text,
    p_currency text
)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_hits jsonb;
begin
    -- The offers are chosen by the filters of this search; the rest has a plan that is kept.
    execute format(
        'select jsonb_agg(o order by h.place)
        from unnest($1) with ordinality as h (product_id, place)
        cross join lateral (select h.product_id offset 0) as d
        left join lateral (%s) as o on true',
        p_offer
    )
    into v_hits
    using p_product_ids;

    select
        jsonb_agg(
            jsonb_build_object(
                'product_id', p.product_id, 'public_id', p.public_id, 'code', p.code,
                'slug', p.slug, 'name', p.name, 'brand', p.brand, 'tags', p.tags,
                'category', c.slug, 'image', i.url, 'image_alt', i.alt,
                'rating', round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2),
                'rating_count', p.rating_count, 'sku', v.sku, 'currency', p_currency,
                'price', o.value -> 'price', 'base_price', o.value -> 'base_price',
                'price_list', o.value -> 'price_list', 'valid_until', o.value -> 'valid_until',
                'variants', s.variants, 'available_stock', s.available_stock,
                'is_in_stock', s.available_stock > 0
            )
            order by h.place
        )
    into v_hits
    from unnest(p_product_ids) with ordinality as h (product_id, place)
    cross join lateral (
        select p.*
        from product.products as p
        where p.product_id = h.product_id
        limit 1
    ) as p
    cross join lateral (select v_hits -> (h.place::integer - 1) as value) as o
    left join lateral (
        select v.sku
        from product.variants as v
        where v.variant_id = (o.value ->> 'variant_id')::bigint
        limit 1
    ) as v on true
    left join lateral (
        select c.slug from product.category_list as c where c.category_id = p.category_id limit 1
    ) as c on true
    left join lateral (
        select i.url, i.alt
        from product.product_images as i
        where i.product_id = p.product_id and i.is_primary
        limit 1
    ) as i on true
    cross join lateral (
        select count(*) as variants, coalesce(sum(t.available_stock), 0) as available_stock
        from product.variants as v
        left join lateral (
            select t.available_stock
            from inventory.stock_totals as t
            where t.variant_id = v.variant_id
            limit 1
        ) as t on true
        where v.product_id = p.product_id and v.is_active
    ) as s;
    return coalesce(v_hits, '[]');
end;
$function$;

comment on function product.search_hits(bigint[], text, text) is
'Products in the order given, as an array of objects: names, image, rating, the variant that an
offer chooses with its price in force, and the stock of all active variants.';
