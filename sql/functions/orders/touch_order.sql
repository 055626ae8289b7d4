-- Count the version of a locked order up, where something that belongs to it has changed.
create or replace function orders.touch_order(p_order_id bigint)
returns orders.orders
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
update orders.orders as o
set
    version = o.version + 1,
    updated_at = clock_timestamp(),
    updated_by = core.actor()
where o.order_id = p_order_id
returning o.*;
$function$;

comment on function orders.touch_order(bigint) is
'Counts the version of an order up; returns it as it is now.';
