-- The whole story of an order, for colleagues.
create or replace function orders.get_order_history(p_order_number text)
returns table (happened_at timestamptz, kind text, what text, detail jsonb)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order constant orders.orders := orders.find_order(p_order_number);
begin
    return query
    select t.happened_at, t.kind, t.what, t.detail
    from orders.timeline(v_order.order_id, true) as t;
end;
$function$;

comment on function orders.get_order_history(text) is
'All that has happened to an order, in order of time, as orders.get_order_timeline tells it, with
who acted, internal notes, reasons, disputes and what providers said. Errors: ORDER_NOT_FOUND.
Replica: yes.';
grant execute on function orders.get_order_history(text) to orders_editor;
