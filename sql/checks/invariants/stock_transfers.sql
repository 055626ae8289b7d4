-- What left one location arrived at another. Each movement of a transfer belongs to one, and moves
-- just its units.
select
    m.variant_id || '@' || m.location_id || '#' || m.seq as object,
    jsonb_build_object(
        'kind', m.kind, 'on_hand_delta', m.on_hand_delta, 'transfer_id', t.transfer_id,
        'quantity', t.quantity
    ) as detail
from inventory.inventory_movements as m
left join inventory.stock_transfers as t
    on t.variant_id = m.variant_id and case m.kind
        when 'transfer_out' then t.from_location_id = m.location_id and t.out_seq = m.seq
        else t.to_location_id = m.location_id and t.in_seq = m.seq
    end
where m.kind in ('transfer_in', 'transfer_out')
and t.quantity is distinct from abs(m.on_hand_delta)
union all
select
    t.variant_id || '-' || t.transfer_id,
    jsonb_build_object('quantity', t.quantity, 'out', o.kind, 'in', i.kind)
from inventory.stock_transfers as t
left join inventory.inventory_movements as o
    on o.variant_id = t.variant_id and o.location_id = t.from_location_id and o.seq = t.out_seq
left join inventory.inventory_movements as i
    on i.variant_id = t.variant_id and i.location_id = t.to_location_id and i.seq = t.in_seq
where (o.kind, i.kind) is distinct from ('transfer_out', 'transfer_in')
