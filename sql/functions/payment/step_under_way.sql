-- The step of a kind that a payment waits for: there is never more than one.
create or replace function payment.step_under_way(p_payment payment.payments, p_kind text)
returns payment.payment_transactions
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select t
from payment.payment_transactions as t
where t.order_id = (p_payment).order_id
and t.payment_id = (p_payment).payment_id
and t.kind = p_kind
and t.status in ('pending', 'timed_out')
and t.refund_id is null
$function$;

comment on function payment.step_under_way(payment.payments, text) is
'The capture, void or authorisation of a locked payment whose outcome is not known; null where there
is none.';
