-- setup: an empty row in four buckets
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.set_stock('MUG', 0, 0, 'Opened');
select inventory.split_buckets('MUG', 4);

-- case: units are spread evenly, the first buckets get what is left over
select inventory.spread_stock(i.variant_id, i.location_id, 10)
from inventory.inventory as i;
select is(array_agg(b.available order by b.bucket), '{3,3,2,2}'::integer[], 'ten')
from inventory.stock_buckets as b;
select inventory.spread_stock(i.variant_id, i.location_id, 1)
from inventory.inventory as i;
select is(array_agg(b.available order by b.bucket), '{1,0,0,0}'::integer[], 'one')
from inventory.stock_buckets as b;
select inventory.spread_stock(i.variant_id, i.location_id, 0)
from inventory.inventory as i;
select is(array_agg(b.available order by b.bucket), '{0,0,0,0}'::integer[], 'none')
from inventory.stock_buckets as b;
