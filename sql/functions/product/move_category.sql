-- Hang a category with all below it under another one.
--
-- One move at a time: each locks a subtree and a place outside it, and no order of rows would keep
-- two moves from waiting for each other. That there is no cycle does not rest on this: the foreign
-- key that carries the path, and the check of it, refuse one whoever writes.
create or replace function product.move_category(
    p_slug text,
    p_parent_slug text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (category_id bigint, slug text, version bigint, moved integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.move_category';
    v_response jsonb;
    v_old product.categories;
    v_new product.categories;
    v_parent product.categories;
    v_count integer;
    v_height integer;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'slug', p_slug, 'parent_slug', p_parent_slug, 'expected_version', p_expected_version
    ));
    if v_response is null then
        perform pg_advisory_xact_lock(hashtextextended(c_scope, 0));
        v_old := product.lock_category(p_slug, p_expected_version);
        -- All of its columns again, and as a key: nobody may be adding a category below.
        perform
        from product.categories as c
        where c.path @> array[v_old.category_id]
        order by c.slug
        for update;
        select count(*), max(cardinality(c.path)) - cardinality(v_old.path)
        into v_count, v_height
        from product.categories as c
        where c.path @> array[v_old.category_id];
        if p_parent_slug is not null then
            v_parent := product.find_parent(p_parent_slug);
            if v_old.category_id = any (v_parent.path) then
                perform core.refuse('SHP15', jsonb_build_object(
                    'slug', p_slug, 'parent_slug', p_parent_slug
                ));
            end if;
        end if;
        perform product.check_depth(
            p_slug, coalesce(cardinality(v_parent.path), 0) + 1 + v_height
        );
        v_new := v_old;
        v_new.parent_id := v_parent.category_id;
        v_new.parent_path := coalesce(v_parent.path, '{}');
        v_response := product.write_category(v_old, v_new) || jsonb_build_object(
            'moved', v_count
        );
        if v_response -> 'fields' = '[]' then
            v_response := v_response || '{"moved": 0}';
        end if;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        category_id bigint, slug text, version bigint, moved integer
    );
end;
$function$;

comment on function product.move_category(text, text, bigint, text) is
'Moves a category with all below it under another one, or to the top (null), against the version
that the editor saw. Returns its key, slug and version, and how many categories moved, 0 where it
was there already. Errors: CATEGORY_NOT_FOUND, CONCURRENT_MODIFICATION, CATEGORY_CYCLE,
CATEGORY_TOO_DEEP, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.move_category(text, text, bigint, text) to product_editor;
