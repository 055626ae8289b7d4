-- What the page of a category shows around its products: one call, one round trip.
create or replace function product.get_category(p_slug text)
returns jsonb
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'breadcrumb', (
        select jsonb_agg(jsonb_build_object('slug', b.slug, 'name', b.name) order by b.depth)
        from product.list_breadcrumb(p_slug) as b
    ),
    'subtree', (
        select jsonb_agg(
            jsonb_build_object(
                'category_id', t.category_id, 'slug', t.slug, 'name', t.name,
                'description', t.description, 'parent_slug', t.parent_slug, 'depth', t.depth,
                'version', t.version
            )
            order by t.ordinality
        )
        from product.list_subtree(p_slug) with ordinality as t
    )
);
$function$;

comment on function product.get_category(text) is
'A category in one call: breadcrumb, the way to it from the top, itself last; and subtree, itself
first and all below it in the order of a menu. Errors: CATEGORY_NOT_FOUND. Replica: yes.';
grant execute on function product.get_category(text) to product_service;
