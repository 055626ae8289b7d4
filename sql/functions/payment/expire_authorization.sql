-- End what is left of a locked payment's authorisation: the provider no longer keeps it.
create or replace function payment.expire_authorization(p_payment payment.payments)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments := p_payment;
    v_rest constant numeric := (p_payment).authorized - (p_payment).captured;
begin
    if v_rest = 0 then
        return v_payment;
    end if;
    perform payment.add_transaction(v_payment, 'expiry', v_rest, null);
    -- Nothing is left to void. A capture may have come in time: its answer is waited for.
    update payment.payment_transactions as t
    set
        status = 'failed',
        claimed_until = null,
        completed_at = clock_timestamp(),
        error_code = 'authorization_expired'
    where t.order_id = v_payment.order_id
    and t.payment_id = v_payment.payment_id
    and t.kind = 'void'
    and t.status in ('pending', 'timed_out');
    v_payment.authorized := v_payment.captured;
    v_payment.phase := 'expired';
    return payment.write_payment(
        v_payment, 'payment.expired', jsonb_build_object('amount', v_rest)
    );
end;
$function$;

comment on function payment.expire_authorization(payment.payments) is
'Takes what is authorised and not captured off a locked payment; returns it. Does nothing where
nothing is left.';
