-- Lock a dispute that a caller names by its key: its order first, then its payment.
create or replace function payment.find_dispute(p_dispute uuid)
returns payment.payment_disputes
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_dispute payment.payment_disputes;
begin
    select d.* into v_dispute
    from payment.payment_disputes as d
    where d.public_id = p_dispute;
    if not found then
        perform core.refuse('SHM32', jsonb_build_object('dispute', p_dispute));
    end if;
    perform orders.lock_order(v_dispute.order_id);
    perform payment.lock_payment(v_dispute.order_id, v_dispute.payment_id);
    -- As it is now, not as it was before the locks were to be had.
    select d.* into strict v_dispute
    from payment.payment_disputes as d
    where d.order_id = v_dispute.order_id and d.dispute_id = v_dispute.dispute_id
    for no key update;
    return v_dispute;
end;
$function$;

comment on function payment.find_dispute(uuid) is
'The dispute, its order and payment locked until the end of the transaction. Errors:
DISPUTE_NOT_FOUND.';
