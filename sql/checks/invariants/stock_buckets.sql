-- A stock row has exactly the buckets that it says, numbered from 0.
select
    i.variant_id || '@' || i.location_id as object,
    jsonb_build_object('bucket_count', i.bucket_count, 'buckets', array_agg(b.bucket)) as detail
from inventory.inventory as i
left join inventory.stock_buckets as b
    on b.variant_id = i.variant_id and b.location_id = i.location_id
group by i.variant_id, i.location_id, i.bucket_count
having count(b.bucket) <> i.bucket_count
or min(b.bucket) <> 0 or max(b.bucket) <> i.bucket_count - 1
