-- Change the names, the text or the place of a category among its siblings.
create or replace function product.update_category(
    p_slug text,
    p_category jsonb,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (category_id bigint, slug text, version bigint, fields jsonb)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.update_category';
    v_response jsonb;
    v_problem record;
    v_old product.categories;
    v_new product.categories;
begin
    select p.field, p.expected
    into v_problem
    from core.item_problems(
        jsonb_build_array(p_category),
        '{"slug?": "text", "name?": "text", "description?": "long text", "position?": "count"}'
    ) as p
    limit 1;
    if found or p_category is null then
        perform core.refuse('22023', jsonb_strip_nulls(jsonb_build_object(
            'argument', 'p_category', 'field', v_problem.field,
            'expected', coalesce(v_problem.expected, 'an object')
        )));
    end if;
    if p_category ->> 'slug' !~ '^[a-z0-9]+(-[a-z0-9]+)*$'
    or length(p_category ->> 'slug') > 100 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_category', 'field', 'slug',
            'expected', 'at most 100 lower-case letters, digits and hyphens'
        ));
    end if;
    if length(p_category ->> 'description') > 10000 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_category', 'field', 'description',
            'expected', 'text of at most 10000 characters'
        ));
    end if;
    perform core.check_text('p_category.name', p_category ->> 'name', 200)
    where p_category ? 'name';

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'slug', p_slug, 'category', p_category, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_old := product.lock_category(p_slug, p_expected_version);
        v_new := v_old;
        v_new.slug := coalesce(p_category ->> 'slug', v_old.slug);
        v_new.name := coalesce(p_category ->> 'name', v_old.name);
        v_new.description := coalesce(p_category ->> 'description', v_old.description);
        v_new.position := coalesce((p_category -> 'position')::integer, v_old.position);
        v_response := product.write_category(v_old, v_new);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        category_id bigint, slug text, version bigint, fields jsonb
    );
end;
$function$;

comment on function product.update_category(text, jsonb, bigint, text) is
'Renames a category or changes its text, against the version that the editor saw: an object with
some of slug, name, description and position (its order among its siblings). Returns its key, slug
and version and the fields that have changed; where none has, the version stays. Errors:
CATEGORY_NOT_FOUND, CONCURRENT_MODIFICATION, CATEGORY_SLUG_TAKEN, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.update_category(text, jsonb, bigint, text) to product_editor;
