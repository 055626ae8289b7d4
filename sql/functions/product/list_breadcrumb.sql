create or replace function product.list_breadcrumb(p_slug text)
returns table (category_id bigint, slug text, name text, depth integer)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_path bigint[];
begin
    select c.path into v_path
    from product.categories as c
    where c.slug = p_slug;
    if not found or exists (
        select
        from product.categories as a
        where a.category_id = any (v_path) and a.status <> 'active'
    ) then
        perform core.refuse('SHP03', jsonb_build_object('slug', p_slug));
    end if;
    return query
    select a.category_id, a.slug, a.name, b.depth::integer
    from unnest(v_path) with ordinality as b (category_id, depth)
    inner join product.categories as a on a.category_id = b.category_id
    order by b.depth;
end;
$function$;

comment on function product.list_breadcrumb(text) is
'The way from the top to a category, itself last; one that an archived category hides is not found.
Errors: CATEGORY_NOT_FOUND. Replica: yes.';
grant execute on function product.list_breadcrumb(text) to product_service;
