-- Lock an order for a change. Everything that belongs to it is changed under this lock, and every
-- caller writes the row: at the stricter isolation levels a lock alone would hide what its last
-- holder has done, where a write makes the server ask for a repetition (40001).
create or replace function orders.lock_order(p_order_id bigint)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders;
begin
    select o.* into v_order
    from orders.orders as o
    where o.order_id = p_order_id
    for no key update;
    if not found then
        perform core.refuse('SHO01', jsonb_build_object('order_id', p_order_id));
    end if;
    return v_order;
end;
$function$;

comment on function orders.lock_order(bigint) is
'The order, locked until the end of the transaction. Errors: ORDER_NOT_FOUND.';
