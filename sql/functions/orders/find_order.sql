-- The order of a number that a customer sees, and may have typed: the alphabet has no O, I and L.
create or replace function orders.find_order(p_order_number text)
returns orders.orders
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order orders.orders;
begin
    select o.* into v_order
    from orders.orders as o
    where o.order_number = translate(upper(p_order_number), 'OIL', '011');
    if not found then
        perform core.refuse('SHO01', jsonb_build_object('order_number', p_order_number));
    end if;
    return v_order;
end;
$function$;

comment on function orders.find_order(text) is
'The order of a number, as a plain read shows it. Errors: ORDER_NOT_FOUND.';
