create or replace function payment.is_amount_of(p_event jsonb, p_currency text)
returns boolean
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select coalesce(p_event ->> 'currency' = p_currency, true)
    and coalesce(v.amount = round(v.amount, v.exponent), true)
    and coalesce(v.fee = round(v.fee, v.exponent), true)
from (
    select
        (p_event ->> 'amount')::numeric as amount,
        (p_event ->> 'fee')::numeric as fee,
        core.check_currency(p_currency) as exponent
) as v;
$function$;

comment on function payment.is_amount_of(jsonb, text) is
'Whether an event has the currency and decimals of a payment, as far as it says.';
