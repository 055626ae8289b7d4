-- Write the outcome of a step. A success, once written, is never changed; a failure may turn out to
-- have been a success.
create or replace function payment.close_transaction(
    p_transaction payment.payment_transactions,
    p_status text,
    p_amount numeric,
    p_provider_ref text,
    p_error_code text,
    p_error_reason text
)
returns payment.payment_transactions
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions;
begin
    begin
        update payment.payment_transactions as t
        set
            status = p_status,
            amount = coalesce(p_amount, t.amount),
            provider_ref = coalesce(p_provider_ref, t.provider_ref),
            claimed_until = case when p_status in ('pending', 'timed_out') then t.claimed_until end,
            completed_at = case when p_status in ('succeeded', 'failed') then clock_timestamp() end,
            error_code = case when p_status <> 'succeeded' then p_error_code end,
            error_reason = case when p_status <> 'succeeded' then p_error_reason end
        where t.order_id = (p_transaction).order_id
        and t.transaction_id = (p_transaction).transaction_id
        and t.status <> 'succeeded'
        returning t.* into strict v_transaction;
    exception
        when unique_violation then
            -- Another payment is told of the same reference at this moment.
            perform core.refuse('SHM10', jsonb_build_object(
                'transaction', (p_transaction).public_id, 'provider_ref', p_provider_ref
            ));
    end;
    return v_transaction;
end;
$function$;

comment on function payment.close_transaction(
    payment.payment_transactions, text, numeric, text, text, text
) is
'Makes a step that has not succeeded timed_out, succeeded or failed; null keeps its amount and
reference. Errors: PROVIDER_REFERENCE_TAKEN.';
