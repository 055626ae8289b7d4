-- From the top downwards, so that what an archived category hides is not even read.
create or replace function product.list_subtree(
    p_slug text default null,
    p_levels integer default null
)
returns table (
    category_id bigint, slug text, name text, description text, parent_slug text, depth integer,
    version bigint
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_root_id bigint;
begin
    if p_levels < 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_levels', 'expected', 'null for all, or a number of levels from 0'
        ));
    end if;
    if p_slug is not null then
        select b.category_id into v_root_id
        from product.list_breadcrumb(p_slug) as b
        order by b.depth desc
        limit 1;
    end if;
    return query
    with recursive tree as (
        select
            c.category_id, c.slug, c.name, c.description, p.slug as parent_slug,
            cardinality(c.path) as depth, c.version, 0 as level,
            array[to_char(c.position::bigint + 2147483648, 'FM0000000000') || c.name] as place
        from product.categories as c
        left join product.categories as p on p.category_id = c.parent_id
        where c.status = 'active' and c.parent_id is null and p_slug is null
        or c.category_id = v_root_id
        union all
        select
            c.category_id, c.slug, c.name, c.description, t.slug, t.depth + 1, c.version,
            t.level + 1,
            t.place || (to_char(c.position::bigint + 2147483648, 'FM0000000000') || c.name)
        from tree as t
        inner join product.categories as c on c.parent_id = t.category_id
        where c.status = 'active' and (p_levels is null or t.level < p_levels)
    )

    select t.category_id, t.slug, t.name, t.description, t.parent_slug, t.depth, t.version
    from tree as t
    order by t.place, t.category_id;
end;
$function$;

comment on function product.list_subtree(text, integer) is
'A category and all below it that customers may see, or the whole tree (null), in the order of a
menu: each one above what it holds, siblings by position and name; depth is 1 at the top.
Optionally only so many levels below the first. Errors: CATEGORY_NOT_FOUND, INVALID_ARGUMENT.
Replica: yes.';
grant execute on function product.list_subtree(text, integer) to product_service;
