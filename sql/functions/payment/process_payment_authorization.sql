-- Record what a provider said about an authorisation.
create or replace function payment.process_payment_authorization(
    p_transaction uuid,
    p_outcome text,
    p_provider_ref text default null,
    p_amount numeric default null,
    p_error_code text default null,
    p_error_reason text default null,
    p_authorization_expires_at timestamptz default null,
    p_is_final boolean default false
)
returns table (
    payment uuid,
    transaction uuid,
    transaction_status text,
    status text,
    amount numeric,
    currency text,
    authorized numeric,
    captured numeric,
    error text,
    reason text,
    message text,
    can_retry boolean,
    attempts_left integer,
    order_number text,
    order_status text,
    payment_status text,
    expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_transaction payment.payment_transactions;
    v_result record;
begin
    if p_outcome is null or p_outcome not in (
        'approved', 'captured', 'declined', 'failed', 'timed_out', 'requires_action', 'processing'
    ) then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_outcome',
            'expected', 'approved, captured, declined, failed, timed_out, requires_action or '
            || 'processing'
        ));
    end if;
    perform payment.check_reference(
        'p_provider_ref', p_provider_ref, p_outcome in ('approved', 'captured')
    );
    v_transaction := payment.find_transaction(p_transaction, 'authorize');
    perform payment.check_amount('p_amount', p_amount, p.currency)
    from payment.payments as p
    where p.order_id = v_transaction.order_id and p.payment_id = v_transaction.payment_id;
    v_result := payment.apply_authorization(
        v_transaction, p_outcome, p_provider_ref, p_amount, p_error_code, p_error_reason,
        p_authorization_expires_at, p_is_final
    );
    perform payment.refuse_outcome(v_transaction, p_provider_ref, v_result.reason)
    where v_result.verdict = 'refused';
    perform payment.apply_waiting_events(v_transaction.order_id)
    where v_result.verdict = 'applied';

    return query
    select r.*
    from jsonb_to_record(
        payment.step_report(v_transaction.order_id, v_transaction.transaction_id)
    ) as r (
        payment uuid, transaction uuid, transaction_status text, status text, amount numeric,
        currency text, authorized numeric, captured numeric, error text, reason text, message text,
        can_retry boolean, attempts_left integer, order_number text, order_status text,
        payment_status text, expires_at timestamptz
    );
end;
$function$;

comment on function payment.process_payment_authorization(
    uuid, text, text, numeric, text, text, timestamptz, boolean
) is
'Records what a provider said about a transaction of payment.begin_payment: approved (with its
reference, the amount if it is another, and until when it keeps it), captured (approved and taken at
once), declined or failed (with its code and words; p_is_final where no other try makes sense),
timed_out (nobody knows), requires_action or processing (to be heard of later). Returns the payment
and the order as they are now; what is no success has the error PAYMENT_FAILED, the reason, and
whether another try makes sense. A covered order is confirmed; a final failure, which the last of
payment_attempts_max is, cancels a pending order and returns its stock. Repeated, it changes
nothing; a success after a failure counts, a failure after a success is refused. Errors:
PAYMENT_TRANSACTION_NOT_FOUND, PAYMENT_OUTCOME_IS_FINAL, PROVIDER_REFERENCE_TAKEN, INVALID_ARGUMENT.
Replica: no (writes).';
grant execute on function payment.process_payment_authorization(
    uuid, text, text, numeric, text, text, timestamptz, boolean
) to payment_service;
