-- Set money of a payment aside for a refund. From here on it can be given back no other way; the
-- check on the payment is the last word, whoever calls.
create or replace function payment.open_refund(
    p_payment payment.payments,
    p_amount numeric,
    p_reason_code text,
    p_note text,
    p_status text,
    p_return_no integer default null
)
returns payment.refunds
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments := p_payment;
    v_refund payment.refunds;
begin
    insert into payment.refunds as r (
        order_id, payment_id, amount, reason_code, note, return_no, status, requested_by,
        request_id, decided_at, decided_by, updated_by
    )
    values (
        v_payment.order_id, v_payment.payment_id, p_amount, p_reason_code, p_note, p_return_no,
        p_status, core.actor(), core.request_id(),
        case p_status when 'approved' then clock_timestamp() end,
        case p_status when 'approved' then core.actor() end, core.actor()
    )
    returning r.* into v_refund;
    perform payment.emit_refund('refund.' || p_status, v_refund);
    v_payment.refund_pending := v_payment.refund_pending + p_amount;
    -- Who works on refunds waits for the first of these.
    perform payment.write_payment(
        v_payment,
        case p_status
            when 'approved' then 'payment.refund_requested' else 'payment.refund_pending'
        end,
        jsonb_build_object('refund', v_refund.public_id, 'refund_amount', p_amount)
    );
    return v_refund;
end;
$function$;

comment on function
payment.open_refund(payment.payments, numeric, text, text, text, integer) is
'Makes a refund of a locked payment, requested or approved already, and sets its money aside.';
