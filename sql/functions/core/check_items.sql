-- Refuse anything but an array of well-formed objects, naming the first element that is not one.
create or replace function core.check_items(p_items jsonb, p_fields jsonb, p_max_items numeric)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_problem record;
begin
    perform core.check_item_count(p_items, p_max_items);
    select p.item, p.field, p.expected
    into v_problem
    from core.item_problems(p_items, p_fields) as p
    limit 1;
    if found then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'item', v_problem.item, 'field', v_problem.field,
            'expected', v_problem.expected
        ));
    end if;
end;
$function$;

comment on function core.check_items(jsonb, jsonb, numeric) is
'Refuses a malformed array of items, naming the element and field. Errors: INVALID_ARGUMENT.';
