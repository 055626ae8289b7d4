-- What the pages of products show at this moment, as customers may see it.
--
-- The version is a digest of the page itself and of nothing else, so that it never says that
-- something is unchanged which is not: a price that begins and a hold that ends change the page
-- without a write, and what a page does not show changes no version. For that the text of a page is
-- the same in every session; the public functions set the time zone.
--
-- Everything is looked up by key below one product, so that one plan is right for any number of
-- them and for tables of any size; the settings keep the planner from making a new one each time,
-- which takes longer than the page, and from reading all of a table that was small when it looked.
create or replace function product.pages(
    p_product_ids bigint[],
    p_currency text,
    p_customer_group text
)
returns table (product_id bigint, page jsonb, version text)
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
set enable_seqscan = off
as $function$
begin
    return query
    select
        d.product_id, d.page, left(encode(sha256(convert_to(d.page::text, 'UTF8')), 'hex'), 32)
    from (
        select
            p.product_id,
            jsonb_build_object(
                'public_id', p.public_id,
                'code', p.code,
                'slug', p.slug,
                'name', p.name,
                'description', p.description,
                'brand', p.brand,
                'language', p.language,
                'tags', p.tags,
                'breadcrumb', c.breadcrumb,
                'options', o.options,
                'specifications', s.specifications,
                'images', i.images,
                'currency', p_currency,
                'rating', round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2),
                'rating_count', p.rating_count,
                'reviews', r.reviews
            ) || v.offer as page
        from unnest(p_product_ids) as n (product_id)
        inner join lateral (
            select a.* from product.products as a where a.product_id = n.product_id limit 1
        ) as p on p.status = 'active'
        cross join lateral (
            -- As in product.list_breadcrumb: what an archived category hides is not named.
            select
                case
                    when coalesce(bool_and(k.status = 'active'), false) then jsonb_agg(
                        jsonb_build_object('slug', k.slug, 'name', k.name)
                        order by b.depth
                    )
                    else '[]'
                end as breadcrumb
            from product.categories as h
            cross join lateral unnest(h.path) with ordinality as b (category_id, depth)
            inner join lateral (
                select g.* from product.categories as g where g.category_id = b.category_id limit 1
            ) as k on true
            where h.category_id = p.category_id
        ) as c
        cross join lateral (
            select
                coalesce(jsonb_agg(
                    jsonb_build_object('name', x.name, 'values', coalesce(y.chosen, '[]'))
                    order by x.position
                ), '[]') as options
            from product.product_options as x
            cross join lateral (
                select jsonb_agg(z.value order by z.position) as chosen
                from product.option_values as z
                where z.product_id = x.product_id and z.option_name = x.name
            ) as y
            where x.product_id = p.product_id
        ) as o
        cross join lateral (
            select
                coalesce(jsonb_agg(
                    jsonb_build_object(
                        'group', nullif(x.group_name, ''), 'name', x.name, 'value', x.value,
                        'unit', x.unit
                    )
                    order by x.position
                ), '[]') as specifications
            from product.specifications as x
            where x.product_id = p.product_id
        ) as s
        cross join lateral (
            select
                coalesce(jsonb_agg(
                    jsonb_build_object(
                        'url', x.url, 'alt', x.alt, 'is_primary', x.is_primary, 'sku', y.sku
                    )
                    order by x.position
                ), '[]') as images
            from product.product_images as x
            left join lateral (
                select z.sku, z.is_active
                from product.variants as z
                where z.variant_id = x.variant_id
                limit 1
            ) as y on true
            where x.product_id = p.product_id and y.is_active is not false
        ) as i
        cross join lateral (
            select
                coalesce(jsonb_agg(
                    jsonb_build_object(
                        'review', x.public_id, 'rating', x.rating, 'title', x.title,
                        'body', x.body, 'author_name', x.author_name,
                        'is_verified', x.is_verified, 'created_at', x.created_at
                    )
                    order by x.review_id desc
                ), '[]') as reviews
            from (
                select w.*
                from product.product_reviews as w
                where w.product_id = p.product_id and w.status = 'approved'
                order by w.product_id desc, w.review_id desc
                limit 10
            ) as x
        ) as r
        cross join lateral (
            select
                jsonb_build_object(
                    'price_from', min(t.price),
                    'price_to', max(t.price),
                    'available_stock', coalesce(sum(k.available_stock), 0),
                    'is_in_stock', coalesce(bool_or(k.is_in_stock), false),
                    'variants', coalesce(jsonb_agg(
                        jsonb_build_object(
                            'sku', x.sku,
                            'name', x.name,
                            'options', x.options,
                            'barcode', x.barcode,
                            'weight_grams', x.weight_grams,
                            'price', t.price,
                            'price_list', t.price_list,
                            'base_price', t.base_price,
                            'price_valid_until', t.valid_until,
                            'tiers', coalesce(t.tiers, '[]'),
                            'available_stock', coalesce(k.available_stock, 0),
                            'is_in_stock', coalesce(k.is_in_stock, false),
                            'is_low_stock', coalesce(k.is_low_stock, true)
                        )
                        order by x.position, x.variant_id
                    ), '[]')
                ) as offer
            from product.variants as x
            cross join lateral (
                select
                    array_agg(e.variant_id order by e.min_quantity) as variant_ids,
                    array_agg(e.min_quantity order by e.min_quantity) as quantities
                from (
                    select x.variant_id, 1 as min_quantity
                    union
                    select y.variant_id, y.min_quantity
                    from product.prices as y
                    where y.variant_id = x.variant_id and y.currency = p_currency
                ) as e
            ) as q
            cross join lateral (
                -- Quantities from which a list has a price of its own; those from which nothing
                -- changes for this customer now are one tier.
                select
                    max(l.price) filter (where l.min_quantity = 1) as price,
                    max(l.price_list) filter (where l.min_quantity = 1) as price_list,
                    max(l.base_price) filter (where l.min_quantity = 1) as base_price,
                    max(l.valid_until) filter (where l.min_quantity = 1) as valid_until,
                    jsonb_agg(
                        jsonb_build_object(
                            'min_quantity', l.min_quantity, 'price', l.price,
                            'price_list', l.price_list, 'base_price', l.base_price
                        )
                        order by l.min_quantity
                    ) filter (where l.is_first) as tiers
                from (
                    select
                        q.quantities[f.line] as min_quantity, f.price, f.price_list,
                        f.base_price, f.valid_until,
                        (f.price, f.price_list, f.base_price) is distinct from (
                            lag(f.price) over w, lag(f.price_list) over w, lag(f.base_price) over w
                        ) as is_first
                    from product.prices_in_force(
                        q.variant_ids, q.quantities, p_currency, p_customer_group
                    ) as f
                    window w as (order by f.line)
                ) as l
            ) as t
            left join lateral (
                select y.available_stock, y.is_in_stock, y.is_low_stock
                from inventory.stock_totals as y
                where y.variant_id = x.variant_id
                limit 1
            ) as k on true
            where x.product_id = p.product_id and x.is_active
        ) as v
    ) as d;
end;
$function$;

comment on function product.pages(bigint[], text, text) is
'The pages of the active ones among products, in a currency and for a customer group (null for
everybody), each with the digest of it that is its version.';
