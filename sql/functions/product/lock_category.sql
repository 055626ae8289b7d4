-- Lock a category for an edit, against the version that the editor saw.
create or replace function product.lock_category(p_slug text, p_expected_version bigint)
returns product.categories
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_category product.categories;
begin
    select c.* into v_category
    from product.categories as c
    where c.slug = p_slug
    for no key update;
    if not found then
        perform core.refuse('SHP03', jsonb_build_object('slug', p_slug));
    end if;
    if v_category.version is distinct from p_expected_version then
        perform core.refuse('SHC02', jsonb_build_object(
            'slug', p_slug, 'expected_version', p_expected_version,
            'version', v_category.version, 'last_updated_by', v_category.updated_by
        ));
    end if;
    return v_category;
end;
$function$;

comment on function product.lock_category(text, bigint) is
'Locks a category; returns it. Errors: CATEGORY_NOT_FOUND, CONCURRENT_MODIFICATION.';
