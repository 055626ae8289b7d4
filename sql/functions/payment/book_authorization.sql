-- Book an authorisation that a provider granted on a locked payment.
create or replace function payment.book_authorization(
    p_payment payment.payments,
    p_transaction payment.payment_transactions,
    p_amount numeric,
    p_provider_ref text,
    p_expires_at timestamptz
)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments := p_payment;
    v_transaction payment.payment_transactions;
    v_expires_at timestamptz;
begin
    if (p_transaction).transaction_id is null then
        v_transaction := payment.add_transaction(
            v_payment, 'authorize', p_amount, p_provider_ref, 'not asked for'
        );
    else
        v_transaction := payment.close_transaction(
            p_transaction, 'succeeded', p_amount, p_provider_ref, null, null
        );
    end if;
    v_expires_at := coalesce(
        p_expires_at,
        clock_timestamp()
        + coalesce(core.rule('authorization_days'), 7)::double precision * interval '1 day'
    );
    v_payment.auth_expires_at := case
        when v_payment.authorized > v_payment.captured
        then least(v_payment.auth_expires_at, v_expires_at)
        else v_expires_at
    end;
    v_payment.authorized := v_payment.authorized + v_transaction.amount;
    v_payment.phase := 'authorized';
    v_payment := payment.write_payment(v_payment, 'payment.authorized', jsonb_build_object(
        'transaction', v_transaction.public_id, 'amount', v_transaction.amount
    ));
    -- A delivery may be so late that what it grants is over.
    if v_expires_at <= clock_timestamp() then
        v_payment := payment.expire_authorization(v_payment);
    end if;
    return v_payment;
end;
$function$;

comment on function payment.book_authorization(
    payment.payments, payment.payment_transactions, numeric, text, timestamptz
) is
'Adds an authorisation to a locked payment, on the step that asked for it or, without one, on a step
of its own; it ends when the provider says, else after the rule authorization_days.';
