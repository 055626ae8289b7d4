-- Nothing is negative, and nothing exceeds its ceiling.
-- Checks make it impossible; a restore that left them out would show here.
select
    i.variant_id || '@' || i.location_id as object,
    jsonb_build_object(
        'on_hand', i.on_hand, 'damaged', i.damaged, 'max_on_hand', i.max_on_hand
    ) as detail
from inventory.inventory as i
where i.on_hand not between 0 and i.max_on_hand or i.damaged not between 0 and i.on_hand
union all
select
    b.variant_id || '@' || b.location_id || '/' || b.bucket,
    jsonb_build_object('available', b.available)
from inventory.stock_buckets as b
where b.available < 0
