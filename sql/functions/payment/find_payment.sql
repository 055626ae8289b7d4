-- Lock a payment that a caller names by its public key: its order first, as everywhere.
create or replace function payment.find_payment(p_payment uuid)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments;
begin
    select p.* into v_payment
    from payment.payments as p
    where p.public_id = p_payment;
    if not found then
        perform core.refuse('SHM01', jsonb_build_object('payment', p_payment));
    end if;
    perform orders.lock_order(v_payment.order_id);
    return payment.lock_payment(v_payment.order_id, v_payment.payment_id);
end;
$function$;

comment on function payment.find_payment(uuid) is
'The payment, locked with its order until the end of the transaction. Errors: PAYMENT_NOT_FOUND.';
