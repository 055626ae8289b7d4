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
        v_scope, p_idempotency_key, jsonb_build_object('amount', p_amount)
    );
    if v_response is null then
        v_payment := payment.find_payment(p_payment);
        perform payment.check_amount('p_amount', p_amount, v_payment.currency);
        select t.* into v_transaction
        from payment.payment_transactions as t
        where t.order_id = v_payment.order_id
        and t.payment_id = v_payment.payment_id
        and t.kind = 'void'
        and t.status in ('pending', 'timed_out');
        v_is_repetition := found and v_transaction.attempts > 0;
        if found and v_transaction.amount <> p_amount then
            perform core.refuse('SHM05', jsonb_build_object(
                'payment', v_payment.public_id, 'transaction', v_transaction.public_id,
                'status', v_payment.status, 'claimed_until', v_transaction.claimed_until
            ));
        elsif found and (
            v_transaction.status = 'timed_out'
            or v_transaction.claimed_until <= clock_timestamp()
        ) then
            v_transaction := payment.claim_again(v_transaction);
            perform payment.write_payment(
                v_payment, 'payment.void_begun', jsonb_build_object(
                    'transaction', v_transaction.public_id, 'amount', v_transaction.amount
                )
            );
        elsif v_transaction.transaction_id is null then
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
            insert into payment.payment_transactions (
                order_id, payment_id, kind, status, amount, provider, attempts, claimed_until,
                actor, request_id
            )
            values (
                v_payment.order_id, v_payment.payment_id, 'void', 'pending',
                coalesce(p_amount, v_amount), v_payment.provider, 1, payment.claim_until(),
                core.actor(), core.request_id()
            )
            returning * into v_transaction;
            perform payment.write_payment(
                v_payment, 'payment.void_begun', jsonb_build_object(
                    'transaction', v_transaction.public_id, 'amount', v_transaction.amount
                )
            );
        end if;
        v_response := jsonb_build_object(
            'payment', v_payment.public_id,
            'transaction', v_transaction.public_id,
            'amount', v_transaction.amount,
            'currency', v_payment.currency,
            'provider', v_payment.provider,
            'authorization_ref', payment.authorization_ref(v_payment),
            'claimed_until', v_transaction.claimed_until,
            'is_repetition', v_is_repetition
        );
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
