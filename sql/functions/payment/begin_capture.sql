-- Claim a capture of what is authorised.
create or replace function payment.begin_capture(
    p_payment uuid,
    p_amount numeric default null,
    p_is_final boolean default false,
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
    v_scope constant text := concat('payment.begin_capture/', p_payment);
    v_response jsonb;
    v_payment payment.payments;
    v_order orders.orders;
    v_transaction payment.payment_transactions;
    v_amount numeric;
    v_is_repetition boolean;
begin
    if p_is_final is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_is_final', 'expected', 'true or false'
        ));
    end if;
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'amount', p_amount, 'is_final', p_is_final
    ));
    if v_response is null then
        v_payment := payment.find_payment(p_payment);
        perform payment.check_amount('p_amount', p_amount, v_payment.currency);
        v_order := orders.lock_order(v_payment.order_id);
        if v_order.status in ('pending', 'cancelled', 'expired') then
            perform core.refuse('SHM04', jsonb_build_object(
                'order_number', v_order.order_number, 'status', v_order.status,
                'expires_at', v_order.expires_at
            ));
        end if;
        select t.* into v_transaction
        from payment.payment_transactions as t
        where t.order_id = v_payment.order_id
        and t.payment_id = v_payment.payment_id
        and t.kind = 'capture'
        and t.status in ('pending', 'timed_out');
        v_is_repetition := found;
        if v_is_repetition and (
            v_transaction.amount <> p_amount or v_transaction.is_final <> p_is_final
        ) then
            perform core.refuse('SHM05', jsonb_build_object(
                'payment', v_payment.public_id, 'transaction', v_transaction.public_id,
                'status', v_payment.status, 'claimed_until', v_transaction.claimed_until
            ));
        elsif v_is_repetition and (
            v_transaction.status = 'timed_out'
            or v_transaction.claimed_until <= clock_timestamp()
        ) then
            v_transaction := payment.claim_again(v_transaction);
            perform payment.write_payment(
                v_payment, 'payment.capture_retried',
                jsonb_build_object('transaction', v_transaction.public_id)
            );
        elsif not v_is_repetition then
            -- No more than is authorised, nor than is due: what is too much would go back at once.
            select least(
                payment.uncaptured(v_payment),
                v_order.total - v_order.credit_total - sum(p.captured)
            )
            into v_amount
            from payment.payments as p
            where p.order_id = v_order.order_id;
            if v_amount <= 0 or p_amount > v_amount
            or p_is_final and payment.uncaptured(v_payment) - coalesce(p_amount, v_amount)
            > payment.spare(v_order)
            or v_payment.auth_expires_at <= clock_timestamp() then
                perform core.refuse('SHM08', jsonb_build_object(
                    'payment', v_payment.public_id, 'status', v_payment.status,
                    'amount', p_amount, 'capturable', greatest(v_amount, 0),
                    'authorization_expires_at', v_payment.auth_expires_at
                ));
            end if;
            insert into payment.payment_transactions (
                order_id, payment_id, kind, status, amount, provider, is_final, attempts,
                claimed_until, actor, request_id
            )
            values (
                v_payment.order_id, v_payment.payment_id, 'capture', 'pending',
                coalesce(p_amount, v_amount), v_payment.provider, p_is_final, 1,
                payment.claim_until(), core.actor(), core.request_id()
            )
            returning * into v_transaction;
            perform payment.write_payment(
                v_payment, 'payment.capture_begun', jsonb_build_object(
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

comment on function payment.begin_capture(uuid, numeric, boolean, text) is
'Claims a capture of p_amount of a payment of a confirmed order, or of all that is authorised and
due; p_is_final lets the rest go, if the order does not need it. Commit, ask the provider with the
transaction as its idempotency key, then call payment.record_capture. While its outcome is not
known, the same call gives the same transaction again, and another one is refused. Errors:
PAYMENT_NOT_FOUND, ORDER_NOT_PAYABLE, AMOUNT_EXCEEDS_AUTHORIZATION (also where it has ended, and
where less is due), PAYMENT_IN_PROGRESS, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function payment.begin_capture(uuid, numeric, boolean, text) to payment_editor;
