-- What the provider calls the authorisation of a payment: a capture or a void has to name it.
create or replace function payment.authorization_ref(p_payment payment.payments)
returns text
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select t.provider_ref
from payment.payment_transactions as t
where t.order_id = (p_payment).order_id
and t.payment_id = (p_payment).payment_id
and t.kind in ('authorize', 'capture')
and t.provider_ref is not null
order by t.kind, t.transaction_id
limit 1
$function$;

comment on function payment.authorization_ref(payment.payments) is
'The reference of the first authorisation of a payment; of its first capture where the provider has
reported no other; null where it has said nothing yet.';
