-- Book that a locked refund came back.
create or replace function payment.book_reversal(
    p_refund payment.refunds, p_provider_ref text, p_reason text
)
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
        p_refund, 'reversed', p_error_reason => payment.clean_text(p_reason, 500)
    );
    v_payment := payment.lock_payment(v_refund.order_id, v_refund.payment_id);
    perform payment.add_transaction(
        v_payment, 'refund_reversal', v_refund.amount, p_provider_ref, v_refund.error_reason,
        p_refund_id => v_refund.refund_id
    );
    v_payment.refunded := v_payment.refunded - v_refund.amount;
    perform payment.write_payment(v_payment, 'payment.refund_reversed', jsonb_build_object(
        'refund', v_refund.public_id, 'refund_amount', v_refund.amount
    ));
    perform payment.count_disputes(v_refund.order_id, v_refund.payment_id);
    perform orders.record_money(v_refund.order_id);
    return v_refund;
end;
$function$;

comment on function payment.book_reversal(payment.refunds, text, text) is
'Makes a succeeded refund reversed and takes it off what was refunded. Errors: ILLEGAL_TRANSITION.';
