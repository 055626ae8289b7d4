-- Write a category that the caller has locked, and tell the outbox; nothing where nothing is new.
create or replace function product.write_category(
    p_old product.categories,
    p_new product.categories
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_category product.categories := p_old;
    v_fields jsonb;
begin
    select coalesce(jsonb_agg(case n.key when 'parent_id' then 'parent' else n.key end), '[]')
    into v_fields
    from jsonb_each(to_jsonb(p_new)) as n
    where n.key in ('slug', 'name', 'description', 'position', 'status', 'parent_id')
    and n.value <> to_jsonb(p_old) -> n.key;
    if v_fields <> '[]' then
        begin
            update product.categories as c
            set
                slug = p_new.slug,
                name = p_new.name,
                description = p_new.description,
                position = p_new.position,
                status = p_new.status,
                parent_id = p_new.parent_id,
                parent_path = p_new.parent_path,
                version = c.version + 1,
                updated_at = clock_timestamp(),
                updated_by = core.actor()
            where c.category_id = p_old.category_id
            returning c.* into v_category;
        exception
            when unique_violation then
                perform core.refuse('SHP04', jsonb_build_object('slug', p_new.slug));
        end;
        perform events.emit(
            'category.updated', 'category', array[v_category.category_id],
            array[v_category.version],
            array[jsonb_build_object(
                'category_id', v_category.category_id, 'slug', v_category.slug,
                'version', v_category.version, 'fields', v_fields
            )]
        );
    end if;
    return jsonb_build_object(
        'category_id', v_category.category_id, 'slug', v_category.slug,
        'version', v_category.version, 'fields', v_fields
    );
end;
$function$;

comment on function product.write_category(product.categories, product.categories) is
'Writes what is new in a category; returns its key, slug, version and the fields.
Errors: CATEGORY_SLUG_TAKEN.';
