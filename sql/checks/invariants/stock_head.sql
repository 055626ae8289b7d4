-- on_hand and damaged are what the newest movement left. A deferred key proves that the movement
-- which the row names exists, a trigger that it is the newest.
select
    i.variant_id || '@' || i.location_id as object,
    jsonb_build_object(
        'on_hand', i.on_hand, 'damaged', i.damaged, 'last_seq', i.last_seq,
        'movement', m.on_hand_after, 'movement_damaged', m.damaged_after, 'movement_seq', m.seq
    ) as detail
from inventory.inventory as i
left join lateral (
    select s.seq, s.on_hand_after, s.damaged_after
    from inventory.inventory_movements as s
    where s.variant_id = i.variant_id and s.location_id = i.location_id
    order by s.seq desc
    limit 1
) as m on true
where (i.last_seq, i.on_hand, i.damaged)
    is distinct from (m.seq, coalesce(m.on_hand_after, 0), coalesce(m.damaged_after, 0))
