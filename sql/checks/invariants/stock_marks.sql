-- Whenever stock is low, one of its buckets says so. Each bucket's mark is its share of the
-- low-stock level, rounded down, so that inventory.refresh_alerts finds low stock by the buckets'
-- index.
select
    b.variant_id || '@' || b.location_id || '/' || b.bucket as object,
    jsonb_build_object(
        'low_mark', b.low_mark, 'min_stock_level', i.min_stock_level,
        'bucket_count', i.bucket_count, 'is_low', b.is_low
    ) as detail
from inventory.stock_buckets as b
inner join inventory.inventory as i
    on i.variant_id = b.variant_id and i.location_id = b.location_id
where b.low_mark <> i.min_stock_level / i.bucket_count or b.is_low <> (b.available <= b.low_mark)
