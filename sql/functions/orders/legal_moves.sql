-- Where this order may go: of what its state allows, what its parcels do not rule out.
create or replace function orders.legal_moves(p_order orders.orders)
returns text[]
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select coalesce(array_agg(s.status order by s.position), '{}')
from unnest(orders.next_statuses((p_order).status)) with ordinality as s (status, position)
where case s.status
    when 'cancelled' then not exists (
        select
        from orders.order_items as i
        where i.order_id = (p_order).order_id
        and (i.qty_shipped > i.qty_returned or i.qty_delivered > 0)
    )
    when 'delivered' then exists (
        select
        from orders.order_fulfillment as f
        where f.order_id = (p_order).order_id and f.status in ('shipped', 'in_transit')
    )
    else true
end;
$function$;

comment on function orders.legal_moves(orders.orders) is
'The states that an order may go to now: what has been sent can only come back, and what has arrived
was sold, so that an order with units outside, or that were there, is not cancelled; and one of
which nothing is on its way is not delivered.';
