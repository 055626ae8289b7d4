-- Record what a provider said about a refund.
create or replace function payment.record_refund(
    p_transaction uuid,
    p_outcome text,
    p_provider_ref text default null,
    p_error_code text default null,
    p_error_reason text default null
)
returns table (
    refund uuid, payment uuid, status text, amount numeric, currency text, refunded numeric,
    refund_pending numeric, refundable numeric, error text, reason text, message text,
    version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_transaction payment.payment_transactions;
    v_refund payment.refunds;
    v_result record;
begin
    if p_outcome is null or p_outcome not in ('succeeded', 'failed', 'pending', 'timed_out') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_outcome', 'expected', 'succeeded, failed, pending or timed_out'
        ));
    end if;
    perform payment.check_reference(
        'p_provider_ref', p_provider_ref, p_outcome = 'succeeded'
    );
    v_transaction := payment.find_transaction(p_transaction, 'refund');
    v_result := payment.apply_refund(
        v_transaction, p_outcome, p_provider_ref, null, p_error_code, p_error_reason
    );
    if v_result.verdict = 'refused' then
        perform payment.refuse_outcome(v_transaction, p_provider_ref, v_result.reason);
    elsif v_result.verdict = 'waiting' then
        perform core.refuse('SHM30', jsonb_build_object(
            'transaction', p_transaction, 'requested', v_transaction.amount
        ));
    elsif v_result.verdict = 'applied' then
        perform payment.apply_waiting_events(v_transaction.order_id);
    end if;
    select r.* into strict v_refund
    from payment.refunds as r
    where r.order_id = v_transaction.order_id and r.refund_id = v_transaction.refund_id;

    return query
    select
        r.refund, r.payment, r.status, r.amount, r.currency, r.refunded, r.refund_pending,
        r.refundable,
        case when t.status in ('failed', 'timed_out') then 'PAYMENT_FAILED' end,
        t.error_code, t.error_reason, r.version
    from jsonb_to_record(payment.refund_row(v_refund)) as r (
        refund uuid, payment uuid, status text, amount numeric, currency text, refunded numeric,
        refund_pending numeric, refundable numeric, version bigint
    )
    cross join payment.payment_transactions as t
    where t.order_id = v_transaction.order_id
    and t.transaction_id = v_transaction.transaction_id;
end;
$function$;

comment on function payment.record_refund(uuid, text, text, text, text) is
'Records what a provider said about a transaction of payment.begin_refund: succeeded (with its
reference), failed (with its code and words), pending (accepted, to be heard of later) or timed_out
(nobody knows: begin it again, with the same key; until then the money stays set aside). Returns the
refund and its payment as they are now; what is no success has the error PAYMENT_FAILED. After a
failure the money can be refunded again. Repeated, it changes nothing; a success after a failure
counts, if the money is still there, a failure after a success is refused. Errors:
PAYMENT_TRANSACTION_NOT_FOUND, PAYMENT_OUTCOME_IS_FINAL, PROVIDER_REFERENCE_TAKEN,
REFUND_EXCEEDS_PAYMENT, INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.record_refund(uuid, text, text, text, text)
to payment_editor;
