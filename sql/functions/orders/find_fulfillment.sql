-- A parcel of a locked order.
create or replace function orders.find_fulfillment(
    p_order orders.orders, p_fulfillment_no integer
)
returns orders.order_fulfillment
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_fulfillment orders.order_fulfillment;
begin
    select f.* into v_fulfillment
    from orders.order_fulfillment as f
    where f.order_id = (p_order).order_id and f.fulfillment_no = p_fulfillment_no;
    if not found then
        perform core.refuse('SHO34', jsonb_build_object(
            'order_number', (p_order).order_number, 'fulfillment_no', p_fulfillment_no
        ));
    end if;
    return v_fulfillment;
end;
$function$;

comment on function orders.find_fulfillment(orders.orders, integer) is
'A parcel of an order by its number. Errors: FULFILLMENT_NOT_FOUND.';
