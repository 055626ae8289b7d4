-- What every function of refunds answers.
create or replace function payment.refund_row(p_refund payment.refunds)
returns jsonb
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'refund', p_refund.public_id, 'payment', p.public_id, 'status', p_refund.status,
    'amount', p_refund.amount, 'currency', p.currency, 'refunded', p.refunded,
    'refund_pending', p.refund_pending, 'refundable', payment.refundable(p),
    'version', p_refund.version
)
from payment.payments as p
where p.order_id = p_refund.order_id and p.payment_id = p_refund.payment_id;
$function$;

comment on function payment.refund_row(payment.refunds) is
'A refund and what its payment has come to, as the functions of refunds return it.';
