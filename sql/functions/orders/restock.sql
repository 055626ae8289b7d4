-- Put what came back of an order into stock: the last thing that a return does.
create or replace function orders.restock(
    p_order orders.orders, p_fates jsonb, p_location text, p_part text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_location_id constant bigint := inventory.find_location(p_location);
begin
    perform inventory.restock_returns(
        array_agg(i.variant_id),
        array_agg(f.restock + f.damaged),
        array_agg(f.damaged),
        v_location_id,
        (p_order).order_number || '/' || p_part
    )
    from jsonb_each(p_fates) as l
    cross join jsonb_to_record(l.value) as f (restock integer, damaged integer)
    inner join orders.order_items as i
        on i.order_id = (p_order).order_id and i.line_no = l.key::integer
    where f.restock + f.damaged > 0
    having count(*) > 0;
end;
$function$;

comment on function orders.restock(orders.orders, jsonb, text, text) is
'Restocks units of lines as orders.read_fates gave them, at a location (null: the best-ranked one),
with the order and its part as the reference. Errors: LOCATION_NOT_FOUND, STOCK_CEILING_EXCEEDED.';
