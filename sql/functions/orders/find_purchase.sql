-- With which order line somebody bought a product. What counts is that a unit was sent: who has
-- only paid has seen nothing yet. Of several the first; what came back or was paid back does not
-- take away that it was there.
create or replace function orders.find_purchase(
    p_user_id bigint,
    p_product_id bigint,
    out order_id bigint,
    out line_no integer
)
returns record
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select i.order_id, i.line_no
from orders.orders as o
inner join orders.order_items as i on i.order_id = o.order_id
inner join product.variants as v on v.variant_id = i.variant_id
where o.user_id = p_user_id and v.product_id = p_product_id and i.qty_shipped > 0
order by i.order_id, i.line_no
limit 1;
$function$;

comment on function orders.find_purchase(bigint, bigint) is
'The first order line with which a user got a unit of a product; nulls where there is none.';
