-- Take from a locked payment what a dispute contests, as far as it is there. What a refund on its
-- way has taken before is missing from the count, not from the dispute.
create or replace function payment.take_dispute(
    p_payment payment.payments, p_dispute payment.payment_disputes, p_provider_ref text
)
returns payment.payment_disputes
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments := p_payment;
    v_dispute payment.payment_disputes;
    v_amount constant numeric := least(
        (p_dispute).amount - (p_dispute).counted, payment.refundable(p_payment)
    );
begin
    if v_amount <= 0 then
        return p_dispute;
    end if;
    perform payment.add_transaction(
        v_payment, 'chargeback', v_amount, p_provider_ref,
        p_dispute_id => (p_dispute).dispute_id
    );
    update payment.payment_disputes as d
    set counted = d.counted + v_amount
    where d.order_id = (p_dispute).order_id and d.dispute_id = (p_dispute).dispute_id
    returning d.* into strict v_dispute;
    v_payment.charged_back := v_payment.charged_back + v_amount;
    perform payment.write_payment(v_payment, 'payment.charged_back', jsonb_build_object(
        'dispute', v_dispute.public_id, 'amount', v_amount
    ));
    return v_dispute;
end;
$function$;

comment on function payment.take_dispute(
    payment.payments, payment.payment_disputes, text
) is
'Charges a payment with what its dispute contests and is not counted yet; returns the dispute.';
