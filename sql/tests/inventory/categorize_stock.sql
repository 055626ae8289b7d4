-- case: only what is in another category changes, and nothing at all is nothing
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table args as
select
    i.location_id,
    array[i.variant_id] as variant_ids,
    array[c.category_id] as category_ids
from inventory.inventory as i
cross join inventory.inventory_categories as c
where c.code = 'B';
select is(inventory.categorize_stock(a.location_id, a.variant_ids, a.category_ids), 1, 'once')
from pg_temp.args as a;
select is(inventory.categorize_stock(a.location_id, a.variant_ids, a.category_ids), 0, 'no more')
from pg_temp.args as a;
select is(inventory.categorize_stock(a.location_id, null, null), 0, 'nothing')
from pg_temp.args as a;
