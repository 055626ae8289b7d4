-- setup: ten mugs in three buckets
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.split_buckets('MUG', 3);

-- case: the share is rounded down, so that the emptiest bucket of low stock is always low
select is(b.low_mark, 1, 'five in three') from inventory.stock_buckets as b;
update inventory.stock_buckets set low_mark = 7;
select inventory.mark_buckets(i.variant_id, i.location_id) from inventory.inventory as i;
select is(b.low_mark, 1, 'mended') from inventory.stock_buckets as b;

-- case: whatever the spread of units, low stock is found by a bucket
update inventory.stock_buckets as b set available = s.units
from (values (0, 5), (1, 0), (2, 0)) as s (bucket, units)
where b.bucket = s.bucket;
select isnt_empty('select from inventory.stock_buckets as b where b.is_low', 'five in one bucket');
update inventory.stock_buckets as b set available = s.units
from (values (0, 2), (1, 2), (2, 1)) as s (bucket, units)
where b.bucket = s.bucket;
select isnt_empty('select from inventory.stock_buckets as b where b.is_low', 'five, evenly');

-- case: an invariant reports a wrong share
update inventory.stock_buckets set low_mark = 2 where bucket = 1;
select is(count(*), 1, 'one bucket') from ops.invariant_stock_marks();

-- case: a variant that is not stocked there has no bucket to mark
select lives_ok('select inventory.mark_buckets(-1, -1)');
