-- Record what a provider said about a capture.
create or replace function payment.record_capture(
    p_transaction uuid,
    p_outcome text,
    p_provider_ref text default null,
    p_amount numeric default null,
    p_error_code text default null,
    p_error_reason text default null
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
    order_number text,
    order_status text,
    payment_status text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
begin
    return query
    select r.*
    from jsonb_to_record(payment.record_step(
        'capture', p_transaction, p_outcome, p_provider_ref, p_amount, p_error_code, p_error_reason
    )) as r (
        payment uuid, transaction uuid, transaction_status text, status text, amount numeric,
        currency text, authorized numeric, captured numeric, error text, reason text, message text,
        can_retry boolean, order_number text, order_status text, payment_status text
    );
end;
$function$;

comment on function payment.record_capture(uuid, text, text, numeric, text, text) is
'Records what a provider said about a transaction of payment.begin_capture: succeeded (with its
reference, and the amount if it is another), failed (with its code and words) or timed_out (nobody
knows: begin it again, with the same key). Returns the payment and the order as they are now; what
is no success has the error PAYMENT_FAILED. Repeated, it changes nothing; a success after a failure
counts, a failure after a success is refused. What was captured twice is refunded by itself. Errors:
PAYMENT_TRANSACTION_NOT_FOUND, PAYMENT_OUTCOME_IS_FINAL, PROVIDER_REFERENCE_TAKEN, INVALID_ARGUMENT.
Replica: no (writes).';
grant execute on function payment.record_capture(uuid, text, text, numeric, text, text)
to payment_editor;
