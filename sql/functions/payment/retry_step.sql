-- Take up again a capture, void or refund whose outcome nobody has recorded. It is the same row,
-- and so the same key at the provider: whether it was done is for the provider to say.
create or replace function payment.retry_step(
    p_payment payment.payments, p_transaction payment.payment_transactions
)
returns payment.payment_transactions
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction constant payment.payment_transactions := payment.claim_again(p_transaction);
begin
    if v_transaction.kind = 'refund' then
        perform payment.touch_refund(r, 'refund.retried')
        from payment.refunds as r
        where r.order_id = v_transaction.order_id and r.refund_id = v_transaction.refund_id;
    else
        perform payment.write_payment(
            p_payment,
            case v_transaction.kind
                when 'capture' then 'payment.capture_retried' else 'payment.void_begun'
            end,
            jsonb_build_object(
                'transaction', v_transaction.public_id, 'amount', v_transaction.amount
            )
        );
    end if;
    return v_transaction;
end;
$function$;

comment on function payment.retry_step(payment.payments, payment.payment_transactions) is
'Claims a step of a locked payment anew, with its event; returns it.';
