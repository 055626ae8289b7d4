-- What is wrong with the form of content, before anything is locked. What depends on other rows
-- (an unknown category, a slug that is taken) is for product.apply_content.
create or replace function product.content_problems(p_content jsonb)
returns table (field text, item integer, expected text)
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
with content as (
    select
        c.key, c.value, jsonb_typeof(c.value) as type, c.value #>> '{}' as text
    from jsonb_each(case when jsonb_typeof(p_content) = 'object' then p_content else '{}' end) as c
),
lists as (
    select c.key, c.value
    from content as c
    where c.key in ('tags', 'options', 'specifications', 'images', 'suppliers')
    and c.type = 'array'
),
elements as (
    select
        l.key, e.ordinality::integer as item, e.value, jsonb_typeof(e.value) as type,
        e.value #>> '{}' as text
    from lists as l
    cross join lateral jsonb_array_elements(l.value) with ordinality as e
),
option_values as (
    select
        e.item, v.ordinality as value_no, jsonb_typeof(v.value) as type, v.value #>> '{}' as text
    from elements as e
    cross join lateral jsonb_array_elements(
        case when jsonb_typeof(e.value -> 'values') = 'array' then e.value -> 'values' else '[]' end
    ) with ordinality as v
    where e.key = 'options' and e.type = 'object'
),
problems as (
    select
        null::text as field, null::integer as item,
        'an object with at least one field' as expected
    where p_content is null or jsonb_typeof(p_content) <> 'object' or p_content = '{}'
    union all
    select
        c.key, null,
        'no such field; known are brand, category, description, images, language, metadata, name, '
        || 'options, slug, specifications, suppliers, tags'
    from content as c
    where c.key not in (
        'brand', 'category', 'description', 'images', 'language', 'metadata', 'name', 'options',
        'slug', 'specifications', 'suppliers', 'tags'
    )
    union all
    select c.key, null, t.expected
    from content as c
    inner join (
        values
        ('name', 500, false, 'text of 1 to 500 characters, no control characters, '
            || 'no white space at an end'),
        ('brand', 200, true, 'null, or text of 1 to 200 characters, no control characters, '
            || 'no white space at an end'),
        ('category', 100, true, 'null, or the slug of a category')
    ) as t (key, max_length, is_nullable, expected) on t.key = c.key
    where not (t.is_nullable and c.type = 'null')
    and (
        c.type <> 'string' or length(c.text) not between 1 and t.max_length
        or c.text ~ '^[[:space:]]|[[:space:]]$|[[:cntrl:]]'
    )
    union all
    select c.key, null, 'text of at most 100000 characters'
    from content as c
    where c.key = 'description' and (c.type <> 'string' or length(c.text) > 100000)
    union all
    select c.key, null, 'null, or at most 100 lower-case letters, digits and hyphens'
    from content as c
    where c.key = 'slug' and c.type <> 'null'
    and (c.type <> 'string' or c.text !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(c.text) > 100)
    union all
    select c.key, null, 'a language of ISO 639, two or three lower-case letters'
    from content as c
    where c.key = 'language' and (c.type <> 'string' or c.text !~ '^[a-z]{2,3}$')
    union all
    select c.key, null, 'an object of at most 100000 characters'
    from content as c
    where c.key = 'metadata' and (c.type <> 'object' or length(c.value::text) > 100000)
    union all
    select c.key, null, 'an array'
    from content as c
    where c.key in ('tags', 'options', 'specifications', 'images', 'suppliers')
    and c.type <> 'array'
    union all
    select e.key, e.item, 'text of 1 to 50 characters, no control characters, '
        || 'no white space at an end'
    from elements as e
    where e.key = 'tags' and (
        e.type <> 'string' or length(e.text) not between 1 and 50
        or e.text ~ '^[[:space:]]|[[:space:]]$|[[:cntrl:]]'
    )
    union all
    select l.key, p.item, concat_ws(': ', p.field, p.expected)
    from lists as l
    inner join (
        values
        ('specifications', '{"group?": "text", "name": "text", "value": "text", "unit?": "text"}'),
        ('suppliers', '{"supplier": "text", "reference": "text"}'),
        ('images', '{"url": "text", "alt?": "text", "sku?": "text"}'),
        ('options', '{"name": "text"}')
    ) as s (key, shape) on s.key = l.key
    cross join lateral core.item_problems(
        (
            -- These have types of their own, below; an address may be longer than a text.
            select coalesce(jsonb_agg(
                case
                    when e.type <> 'object' then e.value
                    when e.key = 'options' then e.value - 'values'
                    when e.key = 'images' and jsonb_typeof(e.value -> 'url') = 'string'
                        then jsonb_set(e.value, '{url}', '"/"') - 'is_primary'
                    else e.value - case when e.key = 'images' then 'is_primary' else '' end
                end
                order by e.item
            ), '[]')
            from elements as e
            where e.key = l.key
        ),
        s.shape::jsonb
    ) as p
    union all
    select e.key, e.item, 'url: http, https or a path, without white space, at most 2000 bytes'
    from elements as e
    where e.key = 'images' and e.type = 'object' and (
        octet_length(e.value ->> 'url') > 2000
        or e.value ->> 'url' !~ '^(https?://|/)[^[:space:][:cntrl:]]+$'
    )
    union all
    select e.key, e.item, 'is_primary: true or false, true once'
    from elements as e
    where e.key = 'images' and e.type = 'object' and (
        jsonb_typeof(e.value -> 'is_primary') <> 'boolean'
        or e.value -> 'is_primary' = 'true' and exists (
            select
            from elements as o
            where o.key = 'images' and o.item < e.item and o.type = 'object'
            and o.value -> 'is_primary' = 'true'
        )
    )
    union all
    select e.key, e.item, s.field || ': at most ' || s.max_length || ' characters'
    from elements as e
    inner join (
        values
        ('options', 'name', 100), ('suppliers', 'supplier', 64), ('suppliers', 'reference', 200)
    ) as s (key, field, max_length) on s.key = e.key
    where e.type = 'object' and length(e.value ->> s.field) > s.max_length
    union all
    select 'options', e.item, 'values: an array of texts of 1 to 100 characters, each once'
    from elements as e
    where e.key = 'options' and e.type = 'object'
    and (
        jsonb_typeof(e.value -> 'values') is distinct from 'array'
        or exists (
            select
            from option_values as v
            where v.item = e.item and (
                v.type <> 'string' or length(v.text) not between 1 and 100
                or v.text ~ '[[:cntrl:]]'
                or exists (
                    select
                    from option_values as o
                    where o.item = v.item and o.value_no < v.value_no and o.text = v.text
                )
            )
        )
    )
    union all
    select d.key, d.item, 'each ' || d.what || ' once'
    from (
        select
            e.key, e.item, k.what,
            row_number() over (partition by e.key, k.identity order by e.item) as occurrence
        from elements as e
        cross join lateral (
            select
                case e.key
                    when 'options' then 'name' when 'images' then 'url'
                    when 'specifications' then 'group and name'
                    else 'supplier and reference'
                end as what,
                case e.key
                    when 'options' then e.value -> 'name'
                    when 'images' then e.value -> 'url'
                    when 'specifications'
                        then jsonb_build_array(
                            coalesce(e.value ->> 'group', ''), e.value -> 'name'
                        )
                    else jsonb_build_array(e.value -> 'supplier', e.value -> 'reference')
                end as identity
        ) as k
        where e.key <> 'tags' and e.type = 'object'
    ) as d
    where d.occurrence > 1
)

select p.field, p.item, p.expected
from problems as p
order by p.field nulls first, p.item nulls first, p.expected;
$function$;

comment on function product.content_problems(jsonb) is
'One row for each thing that is wrong with the form of a product''s content: the field (null for the
whole), the number of the element of a list from 1, and what was expected.';
