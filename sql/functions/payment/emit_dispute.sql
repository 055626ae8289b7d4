create or replace function payment.emit_dispute(
    p_event_type text, p_dispute payment.payment_disputes
)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select events.emit(
    p_event_type, 'dispute', array[p_dispute.dispute_id], array[p_dispute.version],
    array[jsonb_build_object(
        'dispute', p_dispute.public_id, 'order_id', p_dispute.order_id,
        'payment_id', p_dispute.payment_id, 'provider', p_dispute.provider,
        'amount', p_dispute.amount, 'counted', p_dispute.counted,
        'reason_code', p_dispute.reason_code, 'status', p_dispute.status,
        'evidence_due_at', p_dispute.evidence_due_at,
        'submission_count', p_dispute.submission_count, 'version', p_dispute.version
    )]
);
$function$;

comment on function payment.emit_dispute(text, payment.payment_disputes) is
'Tells the outbox what a dispute is now.';
