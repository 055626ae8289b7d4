-- Book a capture that a provider made on a locked payment. What it took beyond the authorisation is
-- booked, too: it is the customer's money, and only what is in the books is given back.
create or replace function payment.book_capture(
    p_payment payment.payments,
    p_transaction payment.payment_transactions,
    p_amount numeric,
    p_provider_ref text,
    p_is_final boolean
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
    v_excess numeric;
    v_rest numeric := 0;
begin
    if (p_transaction).transaction_id is null then
        v_transaction := payment.add_transaction(
            v_payment, 'capture', p_amount, p_provider_ref, 'not asked for'
        );
    else
        v_transaction := payment.close_transaction(
            p_transaction, 'succeeded', p_amount, p_provider_ref, null, null
        );
    end if;
    v_payment.captured := v_payment.captured + v_transaction.amount;
    v_excess := v_payment.captured - v_payment.authorized;
    if v_excess > 0 then
        perform payment.add_transaction(
            v_payment, 'authorize', v_excess, null, 'implied by a capture'
        );
        v_payment.authorized := v_payment.captured;
    elsif p_is_final then
        -- The provider lets go of the rest with a final capture.
        v_rest := greatest(payment.uncaptured(v_payment), 0);
        if v_rest > 0 then
            perform payment.add_transaction(
                v_payment, 'void', v_rest, null, 'implied by a final capture'
            );
            v_payment.authorized := v_payment.authorized - v_rest;
        end if;
    end if;
    v_payment.phase := 'authorized';
    return payment.write_payment(v_payment, 'payment.captured', jsonb_build_object(
        'transaction', v_transaction.public_id, 'amount', v_transaction.amount,
        'voided', v_rest
    ));
end;
$function$;

comment on function payment.book_capture(
    payment.payments, payment.payment_transactions, numeric, text, boolean
) is
'Adds a capture to a locked payment, on the step that asked for it or, without one, on a step of its
own; a final one voids the rest. What exceeds the authorisation is booked as authorised.';
