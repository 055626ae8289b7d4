-- Every sellable unit on hand is either available or kept back by a reservation. on_hand -
-- damaged = what the buckets hold + the open units of active and of consumed reservations.
select
    i.variant_id || '@' || i.location_id as object,
    jsonb_build_object(
        'on_hand', i.on_hand, 'damaged', i.damaged,
        'available', b.available, 'kept_back', r.kept_back
    ) as detail
from inventory.inventory as i
cross join lateral (
    select coalesce(sum(s.available), 0) as available
    from inventory.stock_buckets as s
    where s.variant_id = i.variant_id and s.location_id = i.location_id
) as b
cross join lateral (
    select coalesce(sum(h.open_quantity), 0) as kept_back
    from inventory.inventory_reservations as h
    where h.variant_id = i.variant_id and h.location_id = i.location_id and h.open_quantity > 0
) as r
where i.on_hand - i.damaged <> b.available + r.kept_back
