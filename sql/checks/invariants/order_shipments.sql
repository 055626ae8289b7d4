-- What an order says was shipped is what left the shelves for it.
select
    'order ' || o.order_id || ' variant ' || coalesce(n.variant_id, m.variant_id) as object,
    jsonb_build_object(
        'shipped', coalesce(n.quantity, 0), 'moved', coalesce(m.quantity, 0)
    ) as detail
from (
    select r.owner, s.variant_id, -sum(s.on_hand_delta) as quantity
    from inventory.inventory_movements as s
    inner join inventory.inventory_reservations as r
        on r.variant_id = s.variant_id and r.reservation_id = s.reservation_id
    where s.kind = 'shipment' and r.owner like 'order:%'
    group by r.owner, s.variant_id
) as m
full join (
    select 'order:' || i.order_id as owner, i.variant_id, sum(i.qty_shipped) as quantity
    from orders.order_items as i
    where i.qty_shipped > 0
    group by i.order_id, i.variant_id
) as n on n.owner = m.owner and n.variant_id = m.variant_id
inner join orders.orders as o on 'order:' || o.order_id = coalesce(n.owner, m.owner)
where coalesce(m.quantity, 0) <> coalesce(n.quantity, 0)
