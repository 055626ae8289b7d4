-- Claim an attempt at authorising what is due of an order. The caller commits, asks the provider
-- with the transaction as idempotency key, and records what it said.
--
-- One payment of an order waits for its outcome at a time. Asked again for the same one, this gives
-- the same transaction, so that the provider recognises the repetition; anything else is refused
-- until the outcome is known. The decision is made from what is stored: nobody is asked.
create or replace function payment.begin_payment(
    p_order_number text,
    p_provider text,
    p_method uuid default null,
    p_amount numeric default null,
    p_idempotency_key text default null
)
returns table (
    payment uuid,
    transaction uuid,
    amount numeric,
    currency text,
    provider text,
    token text,
    status text,
    attempts_left integer,
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
    v_scope constant text := 'payment.begin_payment/' || coalesce(p_order_number, '');
    v_response jsonb;
    v_order orders.orders;
    v_method payment.payment_methods;
    v_payment payment.payments;
    v_transaction payment.payment_transactions;
    v_attempts_left integer;
    v_due numeric;
    v_is_open boolean;
    v_is_due_again boolean;
begin
    perform payment.check_provider(p_provider);
    v_response := core.claim_key(v_scope, p_idempotency_key, jsonb_build_object(
        'provider', p_provider, 'method', p_method, 'amount', trim_scale(p_amount)
    ));
    if v_response is null then
        v_order := orders.find_order(p_order_number);
        perform payment.check_amount('p_amount', p_amount, v_order.currency);
        v_order := orders.lock_order(v_order.order_id);
        if p_method is not null then
            select m.* into v_method
            from payment.payment_methods as m
            where m.public_id = p_method
            and m.user_id = v_order.user_id
            and m.provider = p_provider
            and m.status = 'active';
            if not found then
                perform core.refuse('SHM03', jsonb_build_object(
                    'method', p_method, 'provider', p_provider
                ));
            end if;
        end if;
        if v_order.status in ('cancelled', 'expired')
        or v_order.status = 'pending' and v_order.expires_at <= clock_timestamp()
        and payment.in_flight(v_order.order_id) is null then
            perform core.refuse('SHM04', jsonb_build_object(
                'order_number', v_order.order_number, 'status', v_order.status,
                'expires_at', v_order.expires_at
            ));
        end if;

        select p.* into v_payment
        from payment.payments as p
        where p.order_id = v_order.order_id
        and p.phase in ('created', 'requires_action', 'processing')
        for no key update;
        v_is_open := found;
        v_attempts_left := payment.attempts_left(v_order.order_id);
        if v_is_open then
            select t.* into strict v_transaction
            from payment.payment_transactions as t
            where t.order_id = v_payment.order_id
            and t.payment_id = v_payment.payment_id
            and t.kind = 'authorize'
            and t.status in ('pending', 'timed_out');
            if v_payment.provider <> p_provider
            or v_payment.method_id is distinct from v_method.method_id
            or v_payment.amount <> p_amount then
                perform core.refuse('SHM05', jsonb_build_object(
                    'payment', v_payment.public_id, 'transaction', v_transaction.public_id,
                    'status', v_payment.status, 'claimed_until', v_transaction.claimed_until
                ));
            end if;
            v_is_due_again := v_transaction.status = 'timed_out'
                or v_transaction.claimed_until <= clock_timestamp();
        else
            v_is_due_again := true;
        end if;
        if v_is_due_again and v_attempts_left = 0 then
            perform core.refuse('SHM06', jsonb_build_object(
                'order_number', v_order.order_number,
                'limit', trunc(core.rule('payment_attempts_max'))
            ));
        end if;

        if not v_is_open then
            select v_order.total - v_order.credit_total - coalesce(sum(p.authorized), 0)
            into v_due
            from payment.payments as p
            where p.order_id = v_order.order_id;
            if v_due <= 0 or p_amount > v_due then
                perform core.refuse('SHM07', jsonb_build_object(
                    'order_number', v_order.order_number, 'amount', p_amount,
                    'due', greatest(v_due, 0)
                ));
            end if;
            -- At the stricter levels a payment that this snapshot does not show asks for a
            -- repetition here.
            insert into payment.payments (
                order_id, method_id, provider, currency, amount, attempts, updated_by
            )
            values (
                v_order.order_id, v_method.method_id, p_provider, v_order.currency,
                coalesce(p_amount, v_due), 1, core.actor()
            )
            on conflict (order_id) where phase in ('created', 'requires_action', 'processing')
            do nothing
            returning * into strict v_payment;
            insert into payment.payment_transactions (
                order_id, payment_id, kind, status, amount, provider, attempts, claimed_until,
                actor, request_id
            )
            values (
                v_order.order_id, v_payment.payment_id, 'authorize', 'pending', v_payment.amount,
                p_provider, 1, payment.claim_until(), core.actor(), core.request_id()
            )
            returning * into v_transaction;
            perform payment.emit_payment(v_payment, 'payment.created', jsonb_build_object(
                'transaction', v_transaction.public_id, 'amount', v_payment.amount
            ));
        elsif v_is_due_again then
            v_transaction := payment.claim_again(v_transaction);
            v_payment.attempts := v_payment.attempts + 1;
            v_payment := payment.write_payment(
                v_payment, 'payment.retried',
                jsonb_build_object('transaction', v_transaction.public_id)
            );
        end if;
        if v_is_due_again then
            v_attempts_left := v_attempts_left - 1;
            perform orders.extend_expiry(v_order, v_transaction.claimed_until);
        end if;
        v_response := jsonb_build_object(
            'payment', v_payment.public_id,
            'transaction', v_transaction.public_id,
            'amount', v_payment.amount,
            'currency', v_payment.currency,
            'provider', v_payment.provider,
            'status', v_payment.status,
            'attempts_left', v_attempts_left,
            'claimed_until', v_transaction.claimed_until,
            'is_repetition', v_is_open
        );
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end if;

    -- The token is a secret: it is read, never stored with the answer.
    return query
    select
        r.payment, r.transaction, r.amount, r.currency, r.provider, m.token, r.status,
        r.attempts_left, r.claimed_until, r.is_repetition
    from jsonb_to_record(v_response) as r (
        payment uuid, transaction uuid, amount numeric, currency text, provider text, status text,
        attempts_left integer, claimed_until timestamptz, is_repetition boolean
    )
    left join payment.payment_methods as m on m.public_id = p_method;
end;
$function$;

comment on function payment.begin_payment(text, text, uuid, numeric, text) is
'Claims an attempt at authorising a payment of an order with a provider: of all that is due, or of
p_amount of it, with a stored method of its user where p_method names one. Commit, ask the provider
with the transaction as its idempotency key (and the token of the method), then call
payment.process_payment_authorization. The order does not expire before claimed_until. While the
outcome is not known, the same call gives the same transaction again, and another one is refused.
Errors: ORDER_NOT_FOUND, ORDER_NOT_PAYABLE, PAYMENT_IN_PROGRESS, PAYMENT_ATTEMPTS_USED_UP,
AMOUNT_EXCEEDS_DUE (also where nothing is due), PAYMENT_METHOD_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function payment.begin_payment(text, text, uuid, numeric, text)
to payment_service;
