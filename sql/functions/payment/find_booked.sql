-- The step that a provider's reference was booked on. What it reports counts once.
create or replace function payment.find_booked(
    p_provider text, p_kind text, p_provider_ref text
)
returns payment.payment_transactions
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select t
from payment.payment_transactions as t
where t.provider = p_provider
and t.kind = p_kind
and t.provider_ref = p_provider_ref
and t.status = 'succeeded'
$function$;

comment on function payment.find_booked(text, text, text) is
'The step of that kind that has succeeded under the reference; null where there is none.';
