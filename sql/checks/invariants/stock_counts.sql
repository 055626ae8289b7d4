-- A posted line of a stocktake posted its difference, and a line is open just as long as its
-- stocktake.
select
    n.variant_id || '-' || n.count_id as object,
    jsonb_build_object(
        'status', n.status, 'count_status', c.status, 'difference', n.difference, 'kind', m.kind,
        'on_hand_delta', m.on_hand_delta
    ) as detail
from inventory.stock_count_lines as n
left join inventory.stock_counts as c on c.count_id = n.count_id
left join inventory.inventory_movements as m
    on m.variant_id = n.variant_id and m.location_id = n.location_id and m.seq = n.seq
where n.status is distinct from c.status
or n.status = 'posted' and (m.kind, m.on_hand_delta) is distinct from ('count', n.difference)
