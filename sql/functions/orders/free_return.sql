-- A return brings nothing more: its units may be announced again.
create or replace function orders.free_return(p_return orders.order_returns)
returns void
language sql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
update orders.order_items as i
set qty_return_requested = i.qty_return_requested - r.quantity
from orders.return_items as r
where r.order_id = (p_return).order_id and r.return_no = (p_return).return_no
and i.order_id = r.order_id and i.line_no = r.line_no;
$function$;

comment on function orders.free_return(orders.order_returns) is
'Takes the units of a return off what open returns are to bring back.';
