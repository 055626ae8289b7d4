-- What is wrong with the elements of a jsonb array of objects, element by element.
--
-- p_fields says what each field has to be; a name that ends in ? may be left out: '{"sku":
-- "text", "quantity": "positive", "version?": "count"}'. Types: text (1 to 500 characters), long
-- text (0 to 100,000), positive (1 to 999,999,999), count (0 to 999,999,999), version (0 to
-- 2^63-1), amount (a number or a numeric string from 0 to below 1e15).
create or replace function core.item_problems(p_items jsonb, p_fields jsonb)
returns table (item integer, field text, expected text)
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
with specs as (
    select rtrim(s.key, '?') as field, s.key like '%?' as is_optional, s.value as type
    from jsonb_each_text(p_fields) as s
),
items as (
    select i.ordinality::integer as item, i.value as element
    from jsonb_array_elements(p_items) with ordinality as i
)
select i.item, null::text as field, 'an object' as expected
from items as i
where jsonb_typeof(i.element) <> 'object'
union all
select i.item, k.key, 'no such field; known are ' || (
    select string_agg(s.field, ', ' order by s.field) from specs as s
)
from items as i
cross join lateral jsonb_object_keys(
    case when jsonb_typeof(i.element) = 'object' then i.element else '{}' end
) as k (key)
where k.key not in (select s.field from specs as s)
union all
select
    i.item,
    s.field,
    case s.type
        when 'text' then 'text of 1 to 500 characters without control characters'
        when 'long text' then 'text of at most 100000 characters'
        when 'positive' then 'a whole number from 1 to 999999999'
        when 'count' then 'a whole number from 0 to 999999999'
        when 'version' then 'a whole number from 0 to 9223372036854775807'
        else 'an amount from 0 to below 1e15 with at most 4 decimals'
    end
from items as i
cross join specs as s
cross join lateral (
    select i.element -> s.field as value, i.element ->> s.field as content
) as v
where jsonb_typeof(i.element) = 'object'
and case
    when v.value is null then not s.is_optional
    when s.type = 'text'
        then jsonb_typeof(v.value) <> 'string' or length(v.content) not between 1 and 500
        or v.content ~ '[[:cntrl:]]'
    when s.type = 'long text'
        then jsonb_typeof(v.value) <> 'string' or length(v.content) > 100000
    when s.type in ('positive', 'count', 'version')
        then jsonb_typeof(v.value) <> 'number' or v.content !~ '^[0-9]{1,19}$'
        or v.content::numeric not between case s.type when 'positive' then 1 else 0 end
        and case s.type when 'version' then 9223372036854775807 else 999999999 end
    else
        jsonb_typeof(v.value) not in ('number', 'string')
        or v.content !~ '^[0-9]{1,15}([.][0-9]{1,4})?$'
end
order by 1, 2;
$function$;

comment on function core.item_problems(jsonb, jsonb) is
'One row for each thing that is wrong with an element: its number from 1, the field (null for the
element itself) and what was expected.';
