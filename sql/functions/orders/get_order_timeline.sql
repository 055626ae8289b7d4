-- The whole story of an order, as its customer may read it.
create or replace function orders.get_order_timeline(p_order_number text, p_owner text)
returns table (happened_at timestamptz, kind text, what text, detail jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order constant orders.orders := orders.find_order(p_order_number);
begin
    perform orders.check_customer(v_order, p_owner);
    return query
    select t.happened_at, t.kind, t.what, t.detail
    from orders.timeline(v_order.order_id, false) as t;
end;
$function$;

comment on function orders.get_order_timeline(text, text) is
'All that has happened to an order of an owner (user:<number> or session:<token>), in order of
time: status, payment, fulfillment, return, credit, refund and note, what of each, and its details.
Without what is for colleagues only. Errors: ORDER_NOT_FOUND, INVALID_ARGUMENT. Replica: yes.';
grant execute on function orders.get_order_timeline(text, text) to orders_service;
