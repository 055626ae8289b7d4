-- What of a locked payment may still be captured or given up: no step under way has it.
create or replace function payment.uncaptured(p_payment payment.payments)
returns numeric
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select (p_payment).authorized - (p_payment).captured - coalesce(sum(t.amount), 0)
from payment.payment_transactions as t
where t.order_id = (p_payment).order_id
and t.payment_id = (p_payment).payment_id
and t.kind in ('capture', 'void')
and t.status in ('pending', 'timed_out')
$function$;

comment on function payment.uncaptured(payment.payments) is
'What is authorised, less what is captured and what pending captures and voids ask for.';
