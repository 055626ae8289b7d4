-- Take an approved refund, to ask the provider for it after this has committed. Taken again after a
-- time-out it has the same key, so that the provider pays once.
create or replace function payment.begin_refund(
    p_refund uuid, p_idempotency_key text default null
)
returns table (
    refund uuid, payment uuid, transaction uuid, amount numeric, currency text, provider text,
    capture_ref text, claimed_until timestamptz, is_repetition boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'payment.begin_refund';
    v_response jsonb;
    v_refund payment.refunds;
    v_payment payment.payments;
    v_transaction payment.payment_transactions;
    v_is_repetition boolean;
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, to_jsonb(p_refund));
    if v_response is null then
        v_refund := payment.find_refund(p_refund);
        v_payment := payment.lock_payment(v_refund.order_id, v_refund.payment_id);
        v_is_repetition := v_refund.status = 'processing';
        if v_is_repetition then
            select t.* into strict v_transaction
            from payment.payment_transactions as t
            where t.order_id = v_refund.order_id and t.refund_id = v_refund.refund_id
            and t.kind = 'refund' and t.status in ('pending', 'timed_out');
        end if;
        if v_is_repetition and (
            v_transaction.status = 'timed_out'
            or v_transaction.claimed_until <= clock_timestamp()
        ) then
            v_transaction := payment.retry_step(v_payment, v_transaction);
        elsif not v_is_repetition then
            v_refund := payment.change_refund(v_refund, 'processing');
            insert into payment.payment_transactions as t (
                order_id, payment_id, kind, status, amount, provider, refund_id, attempts,
                claimed_until, actor, request_id
            )
            values (
                v_refund.order_id, v_refund.payment_id, 'refund', 'pending', v_refund.amount,
                v_payment.provider, v_refund.refund_id, 1, payment.claim_until(), core.actor(),
                core.request_id()
            )
            returning t.* into v_transaction;
        end if;
        v_response := jsonb_build_object(
            'transaction', v_transaction.public_id, 'refund', v_refund.public_id,
            'payment', v_payment.public_id, 'provider', v_payment.provider,
            'capture_ref', payment.capture_ref(v_payment),
            'amount', v_refund.amount, 'currency', v_payment.currency,
            'claimed_until', v_transaction.claimed_until, 'is_repetition', v_is_repetition
        );
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        refund uuid, payment uuid, transaction uuid, amount numeric, currency text, provider text,
        capture_ref text, claimed_until timestamptz, is_repetition boolean
    );
end;
$function$;

comment on function payment.begin_refund(uuid, text) is
'Claims an approved refund. Commit, ask the provider with the transaction as its idempotency key
(capture_ref is what it calls the capture), then call payment.record_refund. While its outcome is
not known, the same call gives the same transaction again. Errors: REFUND_NOT_FOUND,
ILLEGAL_TRANSITION, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function payment.begin_refund(uuid, text) to payment_editor;
