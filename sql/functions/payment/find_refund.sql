-- Lock a refund that a caller names by its key: its order first, then its payment.
create or replace function payment.find_refund(p_refund uuid)
returns payment.refunds
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_refund payment.refunds;
begin
    select r.* into v_refund
    from payment.refunds as r
    where r.public_id = p_refund;
    if not found then
        perform core.refuse('SHM31', jsonb_build_object('refund', p_refund));
    end if;
    perform orders.lock_order(v_refund.order_id);
    perform payment.lock_payment(v_refund.order_id, v_refund.payment_id);
    -- As it is now, not as it was before the locks were to be had.
    select r.* into strict v_refund
    from payment.refunds as r
    where r.order_id = v_refund.order_id and r.refund_id = v_refund.refund_id
    for no key update;
    return v_refund;
end;
$function$;

comment on function payment.find_refund(uuid) is
'The refund, its order and payment locked until the end of the transaction. Errors:
REFUND_NOT_FOUND.';
