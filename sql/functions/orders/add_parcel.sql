-- Begin a parcel of a locked order. Its lines come as orders.choose_lines gave them.
create or replace function orders.add_parcel(
    p_order_id bigint, p_line_nos integer[], p_quantities integer[], p_location text
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
    insert into orders.order_fulfillment as p (
        order_id, fulfillment_no, status, location, version, updated_at, updated_by
    )
    select
        p_order_id, coalesce(max(f.fulfillment_no), 0) + 1, 'pending', p_location, 0,
        clock_timestamp(), core.actor()
    from orders.order_fulfillment as f
    where f.order_id = p_order_id
    returning p.* into v_fulfillment;
    insert into orders.fulfillment_items (order_id, fulfillment_no, line_no, quantity)
    select p_order_id, v_fulfillment.fulfillment_no, u.line_no, sum(u.quantity)
    from unnest(p_line_nos, p_quantities) as u (line_no, quantity)
    group by u.line_no;
    return v_fulfillment;
end;
$function$;

comment on function orders.add_parcel(bigint, integer[], integer[], text) is
'A new parcel of a locked order with these units, still pending and without an event: the caller
moves it on.';
