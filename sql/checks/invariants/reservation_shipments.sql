-- What a reservation says was shipped is what its shipments moved.
select
    coalesce(r.variant_id || '-' || r.reservation_id, m.variant_id || '-' || m.reservation_id)
        as object,
    jsonb_build_object('shipped', r.shipped_quantity, 'moved', m.moved) as detail
from (
    select s.variant_id, s.reservation_id, s.shipped_quantity
    from inventory.inventory_reservations as s
    where s.shipped_quantity > 0
) as r
full join (
    select s.variant_id, s.reservation_id, -sum(s.on_hand_delta) as moved
    from inventory.inventory_movements as s
    where s.kind = 'shipment'
    group by s.variant_id, s.reservation_id
) as m on m.variant_id = r.variant_id and m.reservation_id = r.reservation_id
where r.shipped_quantity is distinct from m.moved
