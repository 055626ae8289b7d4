-- The category that another one is to stand below. It is shared until the end of the transaction:
-- meanwhile it is neither moved nor deleted.
create or replace function product.find_parent(p_slug text)
returns product.categories
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_parent product.categories;
begin
    select c.* into v_parent
    from product.categories as c
    where c.slug = p_slug
    for key share;
    if not found then
        perform core.refuse('SHP03', jsonb_build_object('slug', p_slug));
    end if;
    return v_parent;
end;
$function$;

comment on function product.find_parent(text) is
'A category that may be stood below, locked against moves. Errors: CATEGORY_NOT_FOUND.';
