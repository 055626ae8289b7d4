-- Rows mean that a run has lost or invented units: its figures are void.
select 'ours' as side, i.variant_id::text as object
from inventory.inventory as i
where i.on_hand - i.damaged <> (
    select sum(b.available) from inventory.stock_buckets as b where b.variant_id = i.variant_id
) + (
    select coalesce(sum(r.open_quantity), 0)
    from inventory.inventory_reservations as r
    where r.variant_id = i.variant_id and r.open_quantity > 0
)
union all
select 'orm', s.sku
from orm.stock as s
where s.on_hand <> s.available + (
    select coalesce(sum(r.quantity), 0) from orm.reservations as r where r.sku = s.sku
)
