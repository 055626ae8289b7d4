-- setup: five mugs, two of them held, at a low-stock level of three
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]');
select inventory.configure_stock('MUG', 2, 3);
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
create function pg_temp.watch()
returns table (kind text, threshold integer, units bigint, is_alarming boolean)
language sql
volatile
as $function$
    select w.*
    from inventory.inventory as i
    cross join lateral inventory.watch_stock(i.variant_id, i.location_id, clock_timestamp()) as w
    order by w.kind
$function$;

-- case: at the level is low, and a level that is not set is never crossed
select results_eq(
    'select * from pg_temp.watch()',
    $$
    values
    ('low_stock', 3, 3::bigint, true), ('out_of_stock', 0, 3, false), ('overstock', null, 5, false)
    $$
);

-- case: a hold that is overdue counts as available
update inventory.inventory_reservations
set
    created_at = created_at - interval '10 minutes',
    expires_at = expires_at - interval '10 minutes';
select results_eq(
    $$select w.units, w.is_alarming from pg_temp.watch() as w where w.kind = 'low_stock'$$,
    'values (5::bigint, false)'
);

-- case: what is not for sale is never low, nor what is at a closed location; too much it can be
select inventory.set_overstock_level('MUG', 3, 4);
update product.variants set is_active = false;
select bag_eq(
    'select w.kind from pg_temp.watch() as w where w.is_alarming', $$values ('overstock')$$
);
update product.variants set is_active = true;
update product.products set status = 'archived';
select bag_eq(
    'select w.kind from pg_temp.watch() as w where w.is_alarming', $$values ('overstock')$$
);
update product.products set status = 'active';
update inventory.locations set is_active = false;
select bag_eq(
    'select w.kind from pg_temp.watch() as w where w.is_alarming', $$values ('overstock')$$
);
