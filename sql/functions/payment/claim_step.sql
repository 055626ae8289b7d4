-- Claim a capture or a void that nobody has asked for yet.
create or replace function payment.claim_step(
    p_payment payment.payments, p_kind text, p_amount numeric, p_is_final boolean
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
    insert into payment.payment_transactions (
        order_id, payment_id, kind, status, amount, provider, is_final, attempts, claimed_until,
        actor, request_id
    )
    values (
        (p_payment).order_id, (p_payment).payment_id, p_kind, 'pending', p_amount,
        (p_payment).provider, p_is_final, 1, payment.claim_until(), core.actor(),
        core.request_id()
    )
    returning * into v_transaction;
    perform payment.write_payment(
        p_payment, 'payment.' || p_kind || '_begun', jsonb_build_object(
            'transaction', v_transaction.public_id, 'amount', v_transaction.amount
        )
    );
    return v_transaction;
end;
$function$;

comment on function payment.claim_step(payment.payments, text, numeric, boolean) is
'Makes a capture or void of a locked payment that its caller is about to ask the provider for;
returns it.';
