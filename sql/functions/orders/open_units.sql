-- Units of each line of an order that are neither sent, nor cancelled, nor in a parcel yet.
create or replace function orders.open_units(p_order_id bigint)
returns jsonb
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_object_agg(
    i.line_no, i.quantity - i.qty_cancelled - i.qty_shipped - coalesce((
        select sum(p.quantity)
        from orders.fulfillment_items as p
        inner join orders.order_fulfillment as f
            on f.order_id = p.order_id and f.fulfillment_no = p.fulfillment_no
        where p.order_id = i.order_id and p.line_no = i.line_no
        and f.status in ('pending', 'packed')
    ), 0)
)
from orders.order_items as i
where i.order_id = p_order_id;
$function$;

comment on function orders.open_units(bigint) is
'How many units of each line can still be packed, sent or cancelled: {"1": 4, "2": 0}.';
