-- End a user's own pending orders that are past their expiry, so that nobody waits for the sweeper.
-- Those that somebody else has locked, and those with a payment under way, are left alone. Rare
-- enough that their stock is given back before that of the new order is taken.
create or replace function orders.free_pending_slots(p_user_id bigint)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders;
    v_is_freed boolean := false;
begin
    foreach v_order in array array(
        select o
        from orders.orders as o
        where o.user_id = p_user_id and o.status = 'pending'
        and o.expires_at <= clock_timestamp()
        order by o.order_id
        for no key update skip locked
    ) loop
        if coalesce(payment.in_flight(v_order.order_id) <= clock_timestamp(), true) then
            perform orders.kill_order(v_order, 'expired', null);
            v_is_freed := true;
        end if;
    end loop;
    return v_is_freed;
end;
$function$;

comment on function orders.free_pending_slots(bigint) is
'Expires the overdue pending orders of a locked user; whether there was one.';
