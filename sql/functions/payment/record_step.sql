-- Record what a provider said about a capture or a void.
create or replace function payment.record_step(
    p_kind text,
    p_transaction uuid,
    p_outcome text,
    p_provider_ref text,
    p_amount numeric,
    p_error_code text,
    p_error_reason text
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions;
    v_payment payment.payments;
    v_result record;
begin
    if p_outcome is null or p_outcome not in ('succeeded', 'failed', 'timed_out') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_outcome', 'expected', 'succeeded, failed or timed_out'
        ));
    end if;
    -- What is captured has to be found again, to be given back; a void may have no name.
    perform payment.check_reference(
        'p_provider_ref', p_provider_ref, p_kind = 'capture' and p_outcome = 'succeeded'
    );
    v_transaction := payment.find_transaction(p_transaction, p_kind);
    v_payment := payment.lock_payment(v_transaction.order_id, v_transaction.payment_id);
    perform payment.check_amount('p_amount', p_amount, v_payment.currency);
    if p_kind = 'capture' then
        v_result := payment.apply_capture(
            v_payment, v_transaction, p_outcome, p_provider_ref, p_amount, p_error_code,
            p_error_reason, null
        );
    else
        v_result := payment.apply_void(
            v_payment, v_transaction, p_outcome, p_provider_ref, p_amount, p_error_code,
            p_error_reason
        );
    end if;
    perform payment.refuse_outcome(v_transaction, p_provider_ref, v_result.reason)
    where v_result.verdict = 'refused';
    perform payment.apply_waiting_events(v_transaction.order_id)
    where v_result.verdict = 'applied';
    return payment.step_report(v_transaction.order_id, v_transaction.transaction_id);
end;
$function$;

comment on function payment.record_step(text, uuid, text, text, numeric, text, text) is
'Records the outcome of a capture or void: what payment.record_capture and payment.record_void
share; returns payment.step_report. Errors: PAYMENT_TRANSACTION_NOT_FOUND,
PAYMENT_OUTCOME_IS_FINAL, PROVIDER_REFERENCE_TAKEN, INVALID_ARGUMENT.';
