-- What every function of disputes answers.
create or replace function payment.dispute_row(p_dispute payment.payment_disputes)
returns jsonb
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'dispute', p_dispute.public_id, 'payment', p.public_id, 'status', p_dispute.status,
    'amount', p_dispute.amount, 'counted', p_dispute.counted, 'currency', p.currency,
    'charged_back', p.charged_back, 'evidence_due_at', p_dispute.evidence_due_at,
    'submission_count', p_dispute.submission_count, 'version', p_dispute.version
)
from payment.payments as p
where p.order_id = p_dispute.order_id and p.payment_id = p_dispute.payment_id;
$function$;

comment on function payment.dispute_row(payment.payment_disputes) is
'A dispute and what it has taken of its payment, as the functions of disputes return it.';
