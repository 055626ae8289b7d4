-- Delete a category that nothing stands in.
create or replace function product.delete_category(
    p_slug text,
    p_expected_version bigint,
    p_idempotency_key text default null
)
returns table (category_id bigint, slug text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'product.delete_category';
    v_response jsonb;
    v_category product.categories;
    v_references jsonb;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'slug', p_slug, 'expected_version', p_expected_version
    ));
    if v_response is null then
        v_category := product.lock_category(p_slug, p_expected_version);
        -- Against foreign keys too: who is adding a reference is waited for, and then seen.
        perform
        from product.categories as c
        where c.category_id = v_category.category_id
        for update;
        select jsonb_agg(
            jsonb_build_object('table', r.name, 'rows', r.rows, 'examples', r.examples)
            order by r.name
        )
        into v_references
        from (
            select
                'product.categories' as name, count(*) as rows,
                to_jsonb((array_agg(c.slug order by c.slug))[1:5]) as examples
            from product.categories as c
            where c.parent_id = v_category.category_id
            union all
            select
                'product.products', count(*), to_jsonb((array_agg(p.code order by p.code))[1:5])
            from (
                select s.code
                from product.products as s
                where s.category_id = v_category.category_id
                limit 1000
            ) as p
        ) as r
        where r.rows > 0;
        if v_references is not null then
            perform core.refuse('SHP13', jsonb_build_object(
                'slug', p_slug, 'references', v_references
            ));
        end if;
        delete from product.categories as c where c.category_id = v_category.category_id;
        perform events.emit(
            'category.deleted', 'category', array[v_category.category_id],
            array[v_category.version + 1],
            array[jsonb_build_object('category_id', v_category.category_id, 'slug', p_slug)]
        );
        v_response := jsonb_build_object('category_id', v_category.category_id, 'slug', p_slug);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (category_id bigint, slug text);
end;
$function$;

comment on function product.delete_category(text, bigint, text) is
'Deletes a category, against the version that the editor saw, if no category stands below it and no
product in it. Otherwise SHP13 says what does, with up to five examples of each, counted up to
1,000; archive it instead. Errors: CATEGORY_NOT_FOUND, CONCURRENT_MODIFICATION, CATEGORY_IN_USE,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function product.delete_category(text, bigint, text) to product_editor;
