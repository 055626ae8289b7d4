-- Ask for a void: a step that a worker claims, and the event that tells it to.
create or replace function payment.open_void(
    p_payment payment.payments, p_amount numeric, p_reason text
)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions;
begin
    update payment.payment_transactions as t
    set amount = t.amount + p_amount
    where t.order_id = (p_payment).order_id
    and t.payment_id = (p_payment).payment_id
    and t.kind = 'void'
    and t.status = 'pending'
    and t.attempts = 0
    returning t.* into v_transaction;
    if not found then
        insert into payment.payment_transactions (
            order_id, payment_id, kind, status, amount, provider, error_reason, claimed_until,
            actor, request_id
        )
        values (
            (p_payment).order_id, (p_payment).payment_id, 'void', 'pending', p_amount,
            (p_payment).provider, payment.clean_text(p_reason, 500), clock_timestamp(),
            core.actor(), core.request_id()
        )
        on conflict do nothing
        returning * into v_transaction;
    end if;
    -- Where one is with the provider already, its outcome brings the rest up again.
    if v_transaction.transaction_id is null then
        return p_payment;
    end if;
    return payment.write_payment(p_payment, 'payment.void_requested', jsonb_build_object(
        'transaction', v_transaction.public_id, 'amount', v_transaction.amount,
        'reason', p_reason
    ));
end;
$function$;

comment on function payment.open_void(payment.payments, numeric, text) is
'Adds an amount to what is to be voided of a locked payment, with an event payment.void_requested;
returns the payment. Does nothing while a void is with the provider: its outcome asks again.';
