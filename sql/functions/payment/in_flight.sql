-- Until when a provider may still answer for an order: its expiry waits for that.
create or replace function payment.in_flight(p_order_id bigint)
returns timestamptz
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select max(t.claimed_until)
from payment.payment_transactions as t
where t.order_id = p_order_id
and t.kind = 'authorize'
and t.status in ('pending', 'timed_out')
and t.claimed_until > clock_timestamp()
$function$;

comment on function payment.in_flight(bigint) is
'The last moment at which an authorisation of the order that is under way may be answered; null
where none is. Volatile: it is asked after the order was locked.';
