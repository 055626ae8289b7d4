-- What who has claimed a capture or void needs to ask the provider for it.
create or replace function payment.claim_report(
    p_payment payment.payments,
    p_transaction payment.payment_transactions,
    p_is_repetition boolean
)
returns jsonb
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'payment', (p_payment).public_id,
    'transaction', (p_transaction).public_id,
    'amount', (p_transaction).amount,
    'currency', (p_payment).currency,
    'provider', (p_payment).provider,
    'authorization_ref', payment.authorization_ref(p_payment),
    'claimed_until', (p_transaction).claimed_until,
    'is_repetition', p_is_repetition
)
$function$;

comment on function payment.claim_report(
    payment.payments, payment.payment_transactions, boolean
) is
'A claimed capture or void as payment.begin_capture and payment.begin_void answer it.';
