-- Refuse what is no amount of a currency. Null is for the caller to give a meaning.
create or replace function payment.check_amount(
    p_argument text, p_amount numeric, p_currency text
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_exponent constant smallint := core.check_currency(p_currency);
begin
    if p_amount <= 0 or p_amount >= 1e15 or p_amount <> round(p_amount, v_exponent) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', p_argument, 'currency', p_currency,
            'expected', 'an amount above 0 and below 1e15 with at most '
            || v_exponent || ' decimals'
        ));
    end if;
end;
$function$;

comment on function payment.check_amount(text, numeric, text) is
'Refuses an amount that is not positive or has more decimals than its currency. Errors:
INVALID_ARGUMENT, CURRENCY_NOT_FOUND.';
