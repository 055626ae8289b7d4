-- Claim giving up what is authorised and not captured.
create or replace function payment.begin_void(
    p_payment uuid,
    p_amount numeric default null,
    p_idempotency_key text default null
)
returns table (
    payment uuid,
    transaction uuid,
    amount numeric,
    currency text,
    provider text,
    authorization_ref text,
    claimed_until timestamptz,
    is_repetition boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_scope constant text := concat('payment.begin_void/', p_payment);
    v_response jsonb;
    v_payment payment.payments;
    v_transaction payment.payment_transactions;
    v_amount numeric;
    v_is_repetition boolean;
begin
    v_response := core.claim_key(
        v_scope, p_idempotency_key, jsonb_build_object('amount', trim_scale(p_amount))
    );
    if v_response is null then
        v_payment := payment.find_payment(p_payment);
        perform payment.check_amount('p_amount', p_amount, v_payment.currency);
        v_transaction := payment.step_under_way(v_payment, 'void');
        -- One that was only requested has not been with the provider yet.
        v_is_repetition := coalesce(v_transaction.attempts > 0, false);
        if v_transaction.transaction_id is not null then
            v_transaction := payment.resume_step(v_payment, v_transaction, p_amount, false);
        else
            v_amount := least(
                payment.uncaptured(v_payment),
                payment.spare(orders.lock_order(v_payment.order_id))
            );
            if v_amount <= 0 or p_amount > v_amount then
                perform core.refuse('SHM08', jsonb_build_object(
                    'payment', v_payment.public_id, 'status', v_payment.status,
                    'amount', p_amount, 'capturable', greatest(v_amount, 0),
                    'authorization_expires_at', v_payment.auth_expires_at
                ));
            end if;
            v_transaction := payment.claim_step(
                v_payment, 'void', coalesce(p_amount, v_amount), false
            );
        end if;
        v_response := payment.claim_report(v_payment, v_transaction, v_is_repetition);
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        payment uuid, transaction uuid, amount numeric, currency text, provider text,
        authorization_ref text, claimed_until timestamptz, is_repetition boolean
    );
end;
$function$;

comment on function payment.begin_void(uuid, numeric, text) is
'Claims giving up p_amount of what is authorised and not captured, or all of it, as far as the order
does not need it (cancel or credit it first); where an event payment.void_requested asked for one,
that one. Commit, ask the provider with the transaction as its
idempotency key, then call payment.record_void. While its outcome is not known, the same call gives
the same transaction again, and another one is refused. Errors: PAYMENT_NOT_FOUND,
AMOUNT_EXCEEDS_AUTHORIZATION (also where nothing is left), PAYMENT_IN_PROGRESS, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function payment.begin_void(uuid, numeric, text) to payment_editor;
