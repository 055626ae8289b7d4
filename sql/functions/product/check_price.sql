-- Refuse an amount that cannot be a price in a currency; return the limit to keep beside it.
create or replace function product.check_price(p_amount numeric, p_currency text)
returns numeric
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_exponent constant smallint := core.check_currency(p_currency);
    v_max constant numeric := core.rule('price_max', p_currency);
begin
    if p_amount is null or p_amount <> round(p_amount, v_exponent) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_amount', 'expected', 'at most ' || v_exponent || ' decimals'
        ));
    end if;
    if p_amount <= 0 or p_amount > coalesce(v_max, 1e15 - 1) then
        perform core.refuse('SHP05', jsonb_build_object(
            'price', p_amount, 'currency', p_currency, 'max', v_max
        ));
    end if;
    return coalesce(v_max, p_amount);
end;
$function$;

comment on function product.check_price(numeric, text) is
'The rule price_max in force, or the amount itself where it is off.
Errors: CURRENCY_NOT_FOUND, PRICE_OUT_OF_RANGE, INVALID_ARGUMENT.';
