-- Refuse content that is malformed or too much.
create or replace function product.check_content(p_argument text, p_content jsonb)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problem record;
begin
    select p.field, p.item, p.expected
    into v_problem
    from product.content_problems(p_content) as p
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_strip_nulls(jsonb_build_object(
            'argument', p_argument, 'field', v_problem.field, 'item', v_problem.item,
            'expected', v_problem.expected
        )));
    end if;

    select f.field, f.elements, core.rule('product_' || f.field || '_max') as max
    into v_problem
    from (
        select c.key as field, jsonb_array_length(c.value) as elements
        from jsonb_each(p_content) as c
        where jsonb_typeof(c.value) = 'array'
        union all
        select 'option_values', jsonb_array_length(o.value -> 'values')
        from jsonb_array_elements(coalesce(p_content -> 'options', '[]')) as o
    ) as f
    where f.elements > core.rule('product_' || f.field || '_max')
    order by f.field
    limit 1;
    if found then
        perform core.refuse('SHP23', to_jsonb(v_problem));
    end if;
end;
$function$;

comment on function product.check_content(text, jsonb) is
'Refuses malformed content and lists that are too long. Errors: INVALID_ARGUMENT,
CONTENT_LIMIT_REACHED.';
