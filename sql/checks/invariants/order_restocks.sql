-- What came back of an order, and is not lost, is on the shelves again.
select
    coalesce(n.order_number, m.order_number) || ' variant '
        || coalesce(n.variant_id, m.variant_id) as object,
    jsonb_build_object(
        'came_back', coalesce(n.quantity, 0), 'moved', coalesce(m.quantity, 0)
    ) as detail
from (
    select
        o.order_number, i.variant_id,
        sum(i.qty_returned - i.qty_written_off) as quantity
    from orders.order_items as i
    inner join orders.orders as o on o.order_id = i.order_id
    where i.qty_returned > i.qty_written_off
    group by o.order_number, i.variant_id
) as n
full join (
    select
        split_part(s.reference, '/', 1) as order_number, s.variant_id,
        sum(s.on_hand_delta) as quantity
    from inventory.inventory_movements as s
    where s.kind = 'return'
    group by split_part(s.reference, '/', 1), s.variant_id
) as m on m.order_number = n.order_number and m.variant_id = n.variant_id
where coalesce(n.quantity, 0) <> coalesce(m.quantity, 0)
