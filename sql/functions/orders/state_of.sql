-- What every function of the life cycle answers with.
create or replace function orders.state_of(p_order_id bigint)
returns jsonb
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select jsonb_build_object(
    'order_number', o.order_number, 'status', o.status, 'payment_status', o.payment_status,
    'fulfillment_status', o.fulfillment_status, 'total', o.total,
    'credit_total', o.credit_total, 'version', o.version
)
from orders.orders as o
where o.order_id = p_order_id;
$function$;

comment on function orders.state_of(bigint) is
'The order as the functions of its life cycle return it.';
