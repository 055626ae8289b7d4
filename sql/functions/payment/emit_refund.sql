create or replace function payment.emit_refund(p_event_type text, p_refund payment.refunds)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select events.emit(
    p_event_type, 'refund', array[p_refund.refund_id], array[p_refund.version],
    array[jsonb_build_object(
        'refund', p_refund.public_id, 'order_id', p_refund.order_id,
        'payment_id', p_refund.payment_id, 'amount', p_refund.amount,
        'reason_code', p_refund.reason_code, 'status', p_refund.status,
        'error_code', p_refund.error_code, 'version', p_refund.version
    )]
);
$function$;

comment on function payment.emit_refund(text, payment.refunds) is
'Tells the outbox what a refund is now, without what people wrote about it.';
