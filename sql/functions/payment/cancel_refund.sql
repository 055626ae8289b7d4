-- Give up a locked refund that no provider was asked for, and free its money.
create or replace function payment.cancel_refund(p_refund payment.refunds, p_reason text)
returns payment.refunds
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_refund payment.refunds;
    v_payment payment.payments;
begin
    v_refund := payment.change_refund(
        p_refund, 'cancelled', p_error_reason => payment.clean_text(p_reason, 500)
    );
    v_payment := payment.lock_payment(v_refund.order_id, v_refund.payment_id);
    v_payment.refund_pending := v_payment.refund_pending - v_refund.amount;
    perform payment.write_payment(v_payment, 'payment.refund_cancelled', jsonb_build_object(
        'refund', v_refund.public_id, 'refund_amount', v_refund.amount
    ));
    return v_refund;
end;
$function$;

comment on function payment.cancel_refund(payment.refunds, text) is
'Makes a requested or approved refund cancelled; its money can be refunded otherwise. Errors:
ILLEGAL_TRANSITION.';
