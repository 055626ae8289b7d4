-- Tell of a locked refund that something happened which leaves its state as it is.
create or replace function payment.touch_refund(p_refund payment.refunds, p_event_type text)
returns payment.refunds
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_refund payment.refunds;
begin
    update payment.refunds as r
    set
        version = r.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where r.order_id = (p_refund).order_id and r.refund_id = (p_refund).refund_id
    returning r.* into strict v_refund;
    perform payment.emit_refund(p_event_type, v_refund);
    return v_refund;
end;
$function$;

comment on function payment.touch_refund(payment.refunds, text) is
'Makes the next version of a refund, with an event of that number; returns it.';
