-- Until it is due, a pending order holds all that is in it; what an expired one had may be left in
-- holds that are overdue; no other order holds anything.
select
    'order ' || o.order_id || ' variant ' || coalesce(n.variant_id, h.variant_id) as object,
    jsonb_build_object(
        'status', o.status, 'expires_at', o.expires_at,
        'needed', coalesce(n.quantity, 0), 'held', coalesce(h.quantity, 0)
    ) as detail
from (
    select
        r.owner, r.variant_id, sum(r.open_quantity) as quantity,
        bool_and(r.expires_at <= clock_timestamp()) as is_overdue
    from inventory.inventory_reservations as r
    where r.status = 'active' and r.owner like 'order:%'
    group by r.owner, r.variant_id
) as h
full join (
    select
        'order:' || i.order_id as owner, i.variant_id,
        sum(i.quantity - i.qty_cancelled) as quantity
    from orders.order_items as i
    inner join orders.orders as p on p.order_id = i.order_id and p.status in ('pending', 'expired')
    group by i.order_id, i.variant_id
) as n on n.owner = h.owner and n.variant_id = h.variant_id
inner join orders.orders as o on 'order:' || o.order_id = coalesce(n.owner, h.owner)
where case o.status
    when 'expired' then h.quantity > coalesce(n.quantity, 0) or not h.is_overdue
    else coalesce(h.quantity, 0) > coalesce(n.quantity, 0)
    -- What is due may be sold to somebody else.
    or coalesce(h.quantity, 0) < coalesce(n.quantity, 0) and o.expires_at > clock_timestamp()
end
