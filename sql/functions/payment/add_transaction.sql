-- Book a step whose outcome is known already: reported, implied by another one, or come by itself.
create or replace function payment.add_transaction(
    p_payment payment.payments,
    p_kind text,
    p_amount numeric,
    p_provider_ref text,
    p_reason text default null,
    p_refund_id bigint default null,
    p_dispute_id bigint default null
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
        insert into payment.payment_transactions (
            order_id, payment_id, kind, status, amount, provider, provider_ref, refund_id,
            dispute_id, error_reason, completed_at, actor, request_id
        )
        values (
            (p_payment).order_id, (p_payment).payment_id, p_kind, 'succeeded', p_amount,
            (p_payment).provider, p_provider_ref, p_refund_id, p_dispute_id, p_reason,
            clock_timestamp(), core.actor(), core.request_id()
        )
        returning * into v_transaction;
    exception
        when unique_violation then
            perform core.refuse('SHM10', jsonb_build_object(
                'payment', (p_payment).public_id, 'provider_ref', p_provider_ref
            ));
    end;
    return v_transaction;
end;
$function$;

comment on function payment.add_transaction(
    payment.payments, text, numeric, text, text, bigint, bigint
) is
'Inserts a succeeded step of a payment; the amounts of the payment are the caller''s to write.
Errors: PROVIDER_REFERENCE_TAKEN.';
