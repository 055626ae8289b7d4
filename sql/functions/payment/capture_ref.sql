-- What the provider calls the capture of a payment: a refund has to name it.
create or replace function payment.capture_ref(p_payment payment.payments)
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
and t.status = 'succeeded'
and t.provider_ref is not null
order by t.kind = 'capture' desc, t.transaction_id
limit 1
$function$;

comment on function payment.capture_ref(payment.payments) is
'The reference of the first capture of a payment, else of its authorisation.';
