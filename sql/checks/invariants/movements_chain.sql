-- The movements of a stock row are one unbroken chain from zero.
-- Keys and checks make a break impossible; a restore that left them out would show here.
select
    c.variant_id || '@' || c.location_id || '#' || c.seq as object,
    to_jsonb(c) as detail
from (
    select
        m.variant_id, m.location_id, m.seq, m.on_hand_before, m.on_hand_delta, m.on_hand_after,
        m.damaged_before, m.damaged_delta, m.damaged_after,
        lag(m.seq, 1, 0::bigint) over w as previous_seq,
        lag(m.on_hand_after, 1, 0) over w as previous_on_hand,
        lag(m.damaged_after, 1, 0) over w as previous_damaged
    from inventory.inventory_movements as m
    window w as (partition by m.variant_id, m.location_id order by m.seq)
) as c
where c.seq <> c.previous_seq + 1
or c.on_hand_before <> c.previous_on_hand
or c.damaged_before <> c.previous_damaged
or c.on_hand_after <> c.on_hand_before + c.on_hand_delta
or c.damaged_after <> c.damaged_before + c.damaged_delta
