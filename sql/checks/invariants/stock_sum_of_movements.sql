-- on_hand and damaged are the sums of all movements.
select
    i.variant_id || '@' || i.location_id as object,
    jsonb_build_object(
        'on_hand', i.on_hand, 'moved', coalesce(sum(m.on_hand_delta), 0),
        'damaged', i.damaged, 'damaged_moved', coalesce(sum(m.damaged_delta), 0)
    ) as detail
from inventory.inventory as i
left join inventory.inventory_movements as m
    on m.variant_id = i.variant_id and m.location_id = i.location_id
group by i.variant_id, i.location_id, i.on_hand, i.damaged
having i.on_hand <> coalesce(sum(m.on_hand_delta), 0)
or i.damaged <> coalesce(sum(m.damaged_delta), 0)
