-- setup: an empty row in four buckets
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.set_stock('MUG', 0, 0, 'Opened');
select inventory.split_buckets('MUG', 4);

-- case: the units go to one bucket, and to which is left to chance
select inventory.credit_stock(i.variant_id, i.location_id, 5)
from inventory.inventory as i;
select is(array_agg(b.available order by b.available), '{0,0,0,5}'::integer[], 'to one')
from inventory.stock_buckets as b;
select inventory.credit_stock(i.variant_id, i.location_id, 1)
from inventory.inventory as i
cross join generate_series(1, 200);
select is(sum(b.available), 205, 'all of them are there')
from inventory.stock_buckets as b;
select cmp_ok(min(b.available), '>', 0, 'no bucket is always passed by')
from inventory.stock_buckets as b;

-- case: without a stock row there is nothing to credit
select throws_ok('select inventory.credit_stock(0, 0, 1)', 'P0002', null);
