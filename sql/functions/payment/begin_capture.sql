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
        'amount', trim_scale(p_amount), 'is_final', p_is_final
    ));
    if v_response is null then
        v_payment := payment.find_payment(p_payment);
        perform payment.check_amount('p_amount', p_amount, v_payment.currency);
        v_transaction := payment.step_under_way(v_payment, 'capture');
        v_is_repetition := v_transaction.transaction_id is not null;
        if v_is_repetition then
            -- Whatever has become of the order: the provider may have the money already.
            v_transaction := payment.resume_step(v_payment, v_transaction, p_amount, p_is_final);
        else
            v_order := orders.lock_order(v_payment.order_id);
            if v_order.status in ('pending', 'cancelled', 'expired') then
                perform core.refuse('SHM04', jsonb_build_object(
                    'order_number', v_order.order_number, 'status', v_order.status,
                    'expires_at', v_order.expires_at
                ));
            end if;
            -- No more than is authorised, nor than is due: what is too much would go back at once.
            select least(
                payment.uncaptured(v_payment),
                v_order.total - v_order.credit_total - sum(p.captured) - (
                    select coalesce(sum(t.amount), 0)
                    from payment.payment_transactions as t
                    where t.order_id = v_order.order_id and t.kind = 'capture'
                    and t.status in ('pending', 'timed_out')
                )
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
            v_transaction := payment.claim_step(
                v_payment, 'capture', coalesce(p_amount, v_amount), p_is_final
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

comment on function payment.begin_capture(uuid, numeric, boolean, text) is
'Claims a capture of p_amount of a payment of a confirmed order, or of all that is authorised and
due; p_is_final lets the rest go, if the order does not need it. Commit, ask the provider with the
transaction as its idempotency key, then call payment.record_capture. While its outcome is not
known, the same call gives the same transaction again, and another one is refused. Errors:
PAYMENT_NOT_FOUND, ORDER_NOT_PAYABLE, AMOUNT_EXCEEDS_AUTHORIZATION (also where it has ended, and
where less is due), PAYMENT_IN_PROGRESS, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no
(writes).';
grant execute on function payment.begin_capture(uuid, numeric, boolean, text) to payment_editor;
