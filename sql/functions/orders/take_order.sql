-- Lock an order for a change: the first thing that every function of the life cycle does, after
-- its key. A customer gets at the own orders only, and does not learn that others exist.
create or replace function orders.take_order(p_order_number text, p_owner text default null)
returns orders.orders
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders := orders.find_order(p_order_number);
begin
    perform orders.check_customer(v_order, p_owner)
    where p_owner is not null;
    v_order := orders.lock_order(v_order.order_id);
    return v_order;
end;
$function$;

comment on function orders.take_order(text, text) is
'The order of a number, locked until the end of the transaction; with an owner, only if it is that
owner''s. Errors: ORDER_NOT_FOUND, INVALID_ARGUMENT.';
