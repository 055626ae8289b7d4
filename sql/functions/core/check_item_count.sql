-- Refuse anything but an array with at least one and not too many elements.
create or replace function core.check_item_count(p_items jsonb, p_max_items numeric)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_items is null or jsonb_typeof(p_items) <> 'array' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'expected', 'an array of objects'
        ));
    end if;
    if jsonb_array_length(p_items) not between 1 and coalesce(p_max_items, 2147483647) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_items', 'elements', jsonb_array_length(p_items),
            'expected', '1 to ' || coalesce(trunc(p_max_items), 2147483647) || ' elements'
        ));
    end if;
end;
$function$;

comment on function core.check_item_count(jsonb, numeric) is
'Refuses what is no array, an empty one, and one with too many elements. Errors: INVALID_ARGUMENT.';
