-- The digits that amounts of a currency are rounded to; refuses an unknown currency.
create or replace function core.check_currency(p_currency text)
returns smallint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_exponent smallint;
begin
    select c.exponent into v_exponent from core.currencies as c where c.code = p_currency;
    if not found then
        perform core.refuse('SHC04', jsonb_build_object('currency', p_currency));
    end if;
    return v_exponent;
end;
$function$;

comment on function core.check_currency(text) is
'The exponent of a currency. Errors: CURRENCY_NOT_FOUND.';
