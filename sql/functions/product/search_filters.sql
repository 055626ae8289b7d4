-- Check the filters of a search and turn them into what the search documents have.
create or replace function product.search_filters(p_filters jsonb, p_currency text)
returns jsonb
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problem record;
    v_from numeric;
    v_to numeric;
    v_path bigint[];
    v_all jsonb;
    v_any jsonb := '[]';
    v_attributes jsonb;
    v_bands text[];
begin
    select p.field, p.expected
    into v_problem
    from core.item_problems(
        jsonb_build_array(p_filters - '{tags,attributes,in_stock}'::text[]),
        '{"category?": "text", "price_from?": "amount", "price_to?": "amount", "rating?": "amount"}'
    ) as p
    union all
    select f.field, f.expected
    from (
        values
        (
            'tags', 'an array of 1 to 20 texts',
            jsonb_path_match(
                p_filters,
                '!exists($.tags) || (
                    $.tags.type() == "array" && $.tags.size() >= 1 && $.tags.size() <= 20
                    && !exists($.tags[*] ? (@.type() != "string" || @ like_regex "^.{51}"))
                )',
                silent => true
            )
        ),
        (
            'attributes', 'an object of at most 20 names, each with an array of 1 to 50 texts',
            case jsonb_typeof(p_filters -> 'attributes')
                when 'object' then (
                    select count(*) <= 20 and coalesce(bool_and(coalesce(
                        jsonb_path_match(
                            a.value,
                            '$.type() == "array" && $.size() >= 1 && $.size() <= 50
                            && !exists($[*] ? (@.type() != "string"))',
                            silent => true
                        ),
                        false
                    )), true)
                    from jsonb_each(p_filters -> 'attributes') as a
                )
                else not p_filters ? 'attributes'
            end
        ),
        (
            'in_stock', 'true or false',
            coalesce(jsonb_typeof(p_filters -> 'in_stock') = 'boolean', true)
        )
    ) as f (field, expected, is_right)
    where f.is_right is not true
    limit 1;
    if found or jsonb_typeof(p_filters) is distinct from 'object' then
        perform core.refuse('22023', jsonb_strip_nulls(jsonb_build_object(
            'argument', 'p_filters', 'field', v_problem.field,
            'expected', coalesce(v_problem.expected, 'an object')
        )));
    end if;

    if p_filters ? 'category' then
        select c.path into v_path
        from product.categories as c
        where c.slug = p_filters ->> 'category';
        if not found or exists (
            select
            from product.categories as a
            where a.category_id = any (v_path) and a.status <> 'active'
        ) then
            perform core.refuse('SHP03', jsonb_build_object('slug', p_filters ->> 'category'));
        end if;
        -- What stands below it and is hidden by a category between them is not in it.
        v_any := v_any || jsonb_build_array((
            select jsonb_agg('c' || c.category_id)
            from product.categories as c
            where c.path @> v_path[cardinality(v_path):]
            and not exists (
                select
                from product.categories as a
                where a.category_id = any (c.path) and a.status <> 'active'
            )
        ));
    end if;
    if p_filters ?| '{price_from,price_to}' then
        -- Only bands that there are: each of them is looked up in the index.
        select
            greatest(p.lowest, (p_filters ->> 'price_from')::numeric, 0.0001),
            least(p.highest, (p_filters ->> 'price_to')::numeric)
        into v_from, v_to
        from (
            select (
                select x.amount
                from product.prices as x
                where x.currency = p_currency and x.min_quantity = 1
                order by x.amount, x.variant_id
                limit 1
            ) as lowest, (
                select x.amount
                from product.prices as x
                where x.currency = p_currency and x.min_quantity = 1
                order by x.amount desc, x.variant_id desc
                limit 1
            ) as highest
        ) as p;
        v_bands := array(
            select 'm' || p_currency || ':' || b.band
            from generate_series(
                product.search_band(v_from), product.search_band(greatest(v_from, v_to))
            ) as b (band)
            where v_from <= v_to
        );
        -- Bands that most products are in narrow nothing down, and cost a list each to read. The
        -- price itself is compared anyway.
        if coalesce((
            select sum(e.share) <= 0.4
            from pg_catalog.pg_stats as s
            cross join lateral unnest(
                s.most_common_elems::text::text[], s.most_common_elem_freqs
            ) as e (mark, share)
            where s.schemaname = 'product' and s.tablename = 'search_documents'
            and s.attname = 'marks' and e.mark = any (v_bands)
        ), true) then
            v_any := v_any || jsonb_build_array(to_jsonb(v_bands));
        end if;
    end if;
    select coalesce(jsonb_object_agg(lower(a.key), n.accepted), '{}')
    into v_attributes
    from jsonb_each(p_filters -> 'attributes') as a
    cross join lateral (
        select jsonb_agg(lower(e.value)) as accepted
        from jsonb_array_elements_text(a.value) as e
    ) as n;
    select v_any || coalesce(jsonb_agg(n.marks), '[]')
    into v_any
    from jsonb_each(v_attributes) as a
    cross join lateral (
        select jsonb_agg(product.search_mark('attribute', a.key, e.value)) as marks
        from jsonb_array_elements_text(a.value) as e
    ) as n;
    select coalesce(jsonb_agg(m.mark), '[]')
    into v_all
    from (
        select product.search_mark('tag', g.value) as mark
        from jsonb_array_elements_text(p_filters -> 'tags') as g
        union
        select 'r' || floor(least((p_filters ->> 'rating')::numeric, 5))
        where (p_filters ->> 'rating')::numeric >= 1
    ) as m;

    return jsonb_strip_nulls(jsonb_build_object(
        'all', nullif(v_all, '[]'), 'any', v_any, 'attributes', v_attributes,
        'price_from', (p_filters ->> 'price_from')::numeric,
        'price_to', (p_filters ->> 'price_to')::numeric,
        'rating', (p_filters ->> 'rating')::numeric,
        'in_stock', nullif(p_filters -> 'in_stock', 'false')
    ));
end;
$function$;

comment on function product.search_filters(jsonb, text) is
'The filters of product.search_products, checked: all (marks that a document must have), any (arrays
of marks: one of each), and what is compared exactly: attributes in lower case, price_from,
price_to, rating, in_stock. Errors: CATEGORY_NOT_FOUND, INVALID_ARGUMENT.';
