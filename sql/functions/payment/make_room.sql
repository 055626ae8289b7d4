-- Free money of a locked payment that is needed at once, because a provider has moved it already:
-- refunds that no provider was asked for are given up, the newest first.
create or replace function payment.make_room(
    p_order_id bigint,
    p_payment_id bigint,
    p_amount numeric,
    p_reason text,
    p_may_be_less boolean default false
)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments := payment.lock_payment(p_order_id, p_payment_id);
    v_refund payment.refunds;
begin
    for v_refund in
        select r.*
        from payment.refunds as r
        where r.order_id = p_order_id and r.payment_id = p_payment_id
        and r.status in ('requested', 'approved')
        and (p_may_be_less or payment.refundable(v_payment) + (
            select sum(s.amount)
            from payment.refunds as s
            where s.order_id = p_order_id and s.payment_id = p_payment_id
            and s.status in ('requested', 'approved')
        ) >= p_amount)
        order by r.refund_id desc
    loop
        exit when payment.refundable(v_payment) >= p_amount;
        perform payment.cancel_refund(v_refund, p_reason);
        v_payment := payment.lock_payment(p_order_id, p_payment_id);
    end loop;
    return v_payment;
end;
$function$;

comment on function payment.make_room(bigint, bigint, numeric, text, boolean) is
'Cancels refunds that were not sent, as far as an amount needs it, and none where that would not be
enough and may not be less; returns the payment.';
