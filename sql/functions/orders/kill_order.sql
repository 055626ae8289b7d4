-- Cancel or expire a locked order, and make available again what it kept back.
create or replace function orders.kill_order(
    p_order orders.orders, p_status text, p_reason text
)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_end record;
begin
    if (p_order).status = p_status then
        return p_order;
    end if;
    v_end := orders.end_order(p_order, p_status, p_reason);
    perform inventory.credit_reservations(
        case p_status when 'expired' then 'expire' else 'cancel' end, v_end.holds
    )
    where cardinality(v_end.holds) > 0;
    -- Its payments may have been changed after the row was read.
    return orders.lock_order((p_order).order_id);
end;
$function$;

comment on function orders.kill_order(orders.orders, text, text) is
'Makes a locked order cancelled or expired: its stock is available again, once, what was not
credited yet is credited, its money is given back, its place among pending orders is free. Returns
it as it is now, unchanged where it was in that state. Errors: ILLEGAL_TRANSITION.';
