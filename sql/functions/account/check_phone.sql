-- Refuse what is no telephone number; none at all is fine.
create or replace function account.check_phone(p_phone text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_phone !~ '^[+][1-9][0-9]{6,14}$' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_phone', 'expected', 'a number in E.164, such as +442071838750'
        ));
    end if;
end;
$function$;

comment on function account.check_phone(text) is
'Refuses what is not a number in E.164; null is none. Errors: INVALID_ARGUMENT.';
