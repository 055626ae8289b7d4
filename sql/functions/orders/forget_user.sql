-- Take the person off the orders of a user who is being anonymised, under the user's lock, which
-- keeps out new ones.
create or replace function orders.forget_user(p_user_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order_ids constant bigint[] := array(
        select o.order_id
        from orders.orders as o
        where o.user_id = p_user_id
        order by o.order_id
        for no key update
    );
begin
    perform orders.erase_person(v_order_ids)
    where cardinality(v_order_ids) > 0;
end;
$function$;

comment on function orders.forget_user(bigint) is
'Takes the person out of all orders of a user, which stay as they are. Errors:
USER_HAS_OPEN_ORDERS.';
