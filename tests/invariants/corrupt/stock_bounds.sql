-- case: more is there than may be
alter table inventory.inventory drop constraint inventory_on_hand_within_ceiling_check;
update inventory.inventory set max_on_hand = 1;

-- case: a bucket is below zero
alter table inventory.stock_buckets drop constraint stock_buckets_available_is_not_negative_check;
update inventory.stock_buckets as b
set available = case b.bucket when 0 then -1 else b.available + 1 + f.available end
from inventory.stock_buckets as f
where b.bucket < 2 and f.variant_id = b.variant_id and f.bucket = 0
and f.location_id = b.location_id
and exists (
    select
    from inventory.inventory as i
    where i.variant_id = b.variant_id and i.bucket_count > 1
);
