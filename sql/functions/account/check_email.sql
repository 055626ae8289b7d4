-- Refuse what is no e-mail address, and those of nobody: account.anonymise_user needs them.
create or replace function account.check_email(p_email text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_email is null or length(p_email) > 254
    or p_email !~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'
    or p_email ~* '@invalid$' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_email', 'expected', 'an e-mail address of at most 254 characters'
        ));
    end if;
end;
$function$;

comment on function account.check_email(text) is
'Refuses what is no e-mail address. Errors: INVALID_ARGUMENT.';
