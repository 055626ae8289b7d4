-- The good units of a delivery are what its movement brought in.
select
    r.variant_id || '-' || r.receipt_id as object,
    jsonb_build_object(
        'quantity', r.quantity, 'defective', r.defective, 'kind', m.kind,
        'on_hand_delta', m.on_hand_delta
    ) as detail
from inventory.supplier_receipts as r
left join inventory.inventory_movements as m
    on m.variant_id = r.variant_id and m.location_id = r.location_id and m.seq = r.seq
where (r.seq is not null or r.quantity > r.defective)
and (m.kind, m.on_hand_delta) is distinct from ('receipt', r.quantity - r.defective)
