-- The step that a provider means by a reference: the one that was booked under it, else the newest.
create or replace function payment.find_reference(
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
where t.provider = p_provider and t.kind = p_kind and t.provider_ref = p_provider_ref
order by t.status = 'succeeded' desc, t.transaction_id desc
limit 1
$function$;

comment on function payment.find_reference(text, text, text) is
'The step of that kind with the reference, before all others the one that has succeeded; null where
there is none.';
