-- A return of a locked order.
create or replace function orders.find_return(p_order orders.orders, p_return_no integer)
returns orders.order_returns
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_return orders.order_returns;
begin
    select r.* into v_return
    from orders.order_returns as r
    where r.order_id = (p_order).order_id and r.return_no = p_return_no;
    if not found then
        perform core.refuse('SHO36', jsonb_build_object(
            'order_number', (p_order).order_number, 'return_no', p_return_no
        ));
    end if;
    return v_return;
end;
$function$;

comment on function orders.find_return(orders.orders, integer) is
'A return of an order by its number. Errors: RETURN_NOT_FOUND.';
