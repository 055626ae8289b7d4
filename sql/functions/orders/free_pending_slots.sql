-- End a user's own pending orders that are past their expiry, so that nobody waits for the sweeper.
-- Those that somebody else has locked, and those with a payment under way, are left alone.
--
-- Their stock stays in holds that are overdue, for anybody to take: given back here, it would be
-- locked before the holds and the stock of the new order are.
create or replace function orders.free_pending_slots(p_user_id bigint)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders;
    v_freed bigint[] := '{}';
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
            perform orders.change_status(v_order, 'expired', null);
            perform payment.adjust_to_due(v_order.order_id, 'order_dead');
            v_freed := v_freed || v_order.order_id;
        end if;
    end loop;
    perform inventory.let_holds_lapse(v_freed)
    where cardinality(v_freed) > 0;
    return cardinality(v_freed) > 0;
end;
$function$;

comment on function orders.free_pending_slots(bigint) is
'Expires the overdue pending orders of a locked user, and leaves what they hold to whoever needs it;
whether there was one.';
