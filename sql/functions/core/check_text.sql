-- Refuse text that nobody should have to print: empty, blank at an end, with control characters,
-- too long.
create or replace function core.check_text(p_argument text, p_value text, p_max_length integer)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_value is null or length(p_value) not between 1 and p_max_length
    or p_value ~ '^[[:space:]]|[[:space:]]$|[[:cntrl:]]' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', p_argument,
            'expected', 'text of 1 to ' || p_max_length
            || ' characters, no control characters, no white space at an end'
        ));
    end if;
end;
$function$;

comment on function core.check_text(text, text, integer) is
'Refuses text that is null, empty, too long, blank at an end or has control characters.
Errors: INVALID_ARGUMENT.';
