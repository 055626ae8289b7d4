-- Make a category.
create or replace function product.create_category(
    p_slug text,
    p_name text,
    p_parent_slug text default null,
    p_idempotency_key text default null
)
returns table (category_id bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.create_category';
    v_response jsonb;
    v_category_id bigint;
    v_parent product.categories;
begin
    if p_slug is null or p_slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(p_slug) > 100 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_slug', 'expected', 'at most 100 lower-case letters, digits and hyphens'
        ));
    end if;
    perform core.check_text('p_name', p_name, 200);

    v_response := core.claim_key(
        c_scope, p_idempotency_key,
        jsonb_build_object('slug', p_slug, 'name', p_name, 'parent_slug', p_parent_slug)
    );
    if v_response is null then
        if p_parent_slug is not null then
            v_parent := product.find_parent(p_parent_slug);
            perform product.check_depth(p_slug, cardinality(v_parent.path) + 1);
        end if;
        insert into product.categories (slug, name, parent_id, parent_path, updated_by)
        values (
            p_slug, p_name, v_parent.category_id, coalesce(v_parent.path, '{}'), core.actor()
        )
        on conflict on constraint categories_slug_key do nothing
        returning categories.category_id into v_category_id;
        if not found then
            perform core.refuse('SHP04', jsonb_build_object('slug', p_slug));
        end if;
        perform events.emit(
            'category.created', 'category', array[v_category_id], array[1],
            array[jsonb_build_object(
                'category_id', v_category_id, 'slug', p_slug, 'parent_slug', p_parent_slug
            )]
        );
        v_response := to_jsonb(v_category_id);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;
    return query select v_response::bigint;
end;
$function$;

comment on function product.create_category(text, text, text, text) is
'Makes a category, at the top or under another one; returns its key.
Errors: CATEGORY_SLUG_TAKEN, CATEGORY_NOT_FOUND, CATEGORY_TOO_DEEP, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.create_category(text, text, text, text) to product_service;
