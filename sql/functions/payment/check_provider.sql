-- Refuse what cannot be the code of a provider.
create or replace function payment.check_provider(p_provider text)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_provider is null or p_provider !~ '^[a-z0-9]+([_-][a-z0-9]+)*$'
    or length(p_provider) > 50 or p_provider ~ '([_-]?[0-9]){12}' then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_provider',
            'expected', 'a code of 1 to 50 small letters and a few digits, such as stripe'
        ));
    end if;
end;
$function$;

comment on function payment.check_provider(text) is
'Refuses a malformed code of a provider. Errors: INVALID_ARGUMENT.';
