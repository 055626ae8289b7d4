-- What is sold to an order and still here is what it has neither cancelled nor shipped.
select
    'order ' || o.order_id || ' variant ' || coalesce(n.variant_id, h.variant_id) as object,
    jsonb_build_object(
        'status', o.status, 'needed', coalesce(n.quantity, 0), 'kept_back', coalesce(h.quantity, 0)
    ) as detail
from (
    select r.owner, r.variant_id, sum(r.open_quantity) as quantity
    from inventory.inventory_reservations as r
    where r.status = 'consumed' and r.open_quantity > 0 and r.owner like 'order:%'
    group by r.owner, r.variant_id
) as h
full join (
    select
        'order:' || i.order_id as owner, i.variant_id,
        sum(i.quantity - i.qty_cancelled - i.qty_shipped) as quantity
    from orders.order_items as i
    inner join orders.orders as p
        on p.order_id = i.order_id and p.status not in ('pending', 'cancelled', 'expired')
    group by i.order_id, i.variant_id
) as n on n.owner = h.owner and n.variant_id = h.variant_id
inner join orders.orders as o on 'order:' || o.order_id = coalesce(n.owner, h.owner)
where coalesce(h.quantity, 0) <> coalesce(n.quantity, 0)
