-- The content of a product as its versions keep it. Prices, stock and reviews have histories of
-- their own and are no content.
--
-- One statement: planned once, however many products a call is for.
create or replace function product.snapshot(p_product_id bigint)
returns jsonb
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select
    jsonb_build_object(
        'code', p.code,
        'slug', p.slug,
        'name', p.name,
        'description', p.description,
        'status', p.status,
        'category', (
            select c.slug from product.categories as c where c.category_id = p.category_id
        ),
        'brand', p.brand,
        'language', p.language,
        'tags', to_jsonb(p.tags),
        'metadata', p.metadata,
        'options', coalesce((
            select
                jsonb_agg(
                    jsonb_build_object(
                        'name', o.name,
                        'values', coalesce((
                            select jsonb_agg(v.value order by v.position)
                            from product.option_values as v
                            where v.product_id = o.product_id and v.option_name = o.name
                        ), '[]')
                    )
                    order by o.position
                )
            from product.product_options as o
            where o.product_id = p.product_id
        ), '[]'),
        'specifications', coalesce((
            select
                jsonb_agg(
                    jsonb_strip_nulls(jsonb_build_object(
                        'group', nullif(s.group_name, ''), 'name', s.name,
                        'value', s.value, 'unit', s.unit
                    ))
                    order by s.position
                )
            from product.specifications as s
            where s.product_id = p.product_id
        ), '[]'),
        'images', coalesce((
            select
                jsonb_agg(
                    jsonb_strip_nulls(jsonb_build_object(
                        'url', i.url, 'alt', nullif(i.alt, ''), 'sku', v.sku,
                        'is_primary', i.is_primary
                    ))
                    order by i.position
                )
            from product.product_images as i
            left join product.variants as v on v.variant_id = i.variant_id
            where i.product_id = p.product_id
        ), '[]'),
        'suppliers', coalesce((
            select
                jsonb_agg(
                    jsonb_build_object(
                        'supplier', r.supplier, 'reference', r.reference
                    )
                    order by r.supplier, r.reference
                )
            from product.supplier_references as r
            where r.product_id = p.product_id
        ), '[]'),
        'variants', coalesce((
            select
                jsonb_agg(
                    jsonb_build_object(
                        'sku', v.sku, 'name', v.name, 'is_active', v.is_active,
                        'options', v.options, 'barcode', v.barcode,
                        'weight_grams', v.weight_grams, 'position', v.position
                    )
                    order by v.position, v.variant_id
                )
            from product.variants as v
            where v.product_id = p.product_id
        ), '[]')
    )
from product.products as p
where p.product_id = p_product_id;
$function$;

comment on function product.snapshot(bigint) is
'The content of a product as one object, null for an unknown one. Each field but code, status and
variants has the form in which product.update_product takes it.';
