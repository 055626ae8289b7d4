create or replace function payment.refundable(p_payment payment.payments)
returns numeric
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select p_payment.captured - p_payment.refunded - p_payment.refund_pending
    - p_payment.charged_back;
$function$;

comment on function payment.refundable(payment.payments) is
'What can still be given back of a payment.';
