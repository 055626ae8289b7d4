-- setup: ten mugs in four buckets
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select inventory.split_buckets('MUG', 4);

-- case: no bucket is ever below zero, so nothing is sold twice
select throws_ok(
    'update inventory.stock_buckets set available = available - 3 where bucket = 0',
    '23514', null, 'three are there'
)
from inventory.stock_buckets as b
where b.bucket = 0 and b.available < 3
union all
select throws_ok('update inventory.stock_buckets set available = -1', '23514', null, 'below zero');

-- case: a bucket has a number from 0 to 63, once, and a stock row
select throws_ok(
    format(
        'insert into inventory.stock_buckets (variant_id, location_id, bucket, available)
        select %s, i.location_id, %s, 1 from inventory.inventory as i', b.variant_id, b.bucket
    ),
    b.code, null, b.title
)
from (
    values
    ('i.variant_id', 64, '23514', 'number 64'),
    ('i.variant_id', -1, '23514', 'number -1'),
    ('i.variant_id', 3, '23505', 'a number twice'),
    ('i.variant_id + 1000', 0, '23503', 'of a variant without stock')
) as b (variant_id, bucket, code, title);

-- case: what no constraint can refuse, an invariant reports
update inventory.stock_buckets set available = available + 1 where bucket = 0;
select isnt_empty('select * from ops.invariant_stock_balance()', 'a unit from nowhere');
delete from inventory.stock_buckets where bucket = 3;
select isnt_empty('select * from ops.invariant_stock_buckets()', 'a bucket that is gone');
