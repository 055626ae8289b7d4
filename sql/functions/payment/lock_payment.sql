-- Lock a payment of an order that the caller has locked.
create or replace function payment.lock_payment(p_order_id bigint, p_payment_id bigint)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments;
begin
    select p.* into strict v_payment
    from payment.payments as p
    where p.order_id = p_order_id and p.payment_id = p_payment_id
    for no key update;
    return v_payment;
end;
$function$;

comment on function payment.lock_payment(bigint, bigint) is
'The payment, locked until the end of the transaction.';
