-- flow: stock is held, extended, sold, shipped in part, and the rest given up
select * from inventory.reserve_inventory(%(five)s, 'session:' || %(key)s, null, %(key)s);
select * from inventory.extend_reservations(array[%(reservation)s], %(key)s);
select * from inventory.commit_reservations(array[%(reservation)s], %(key)s);
select * from inventory.ship_reservations(
    jsonb_build_array(jsonb_build_object('reservation', %(reservation)s::text, 'quantity', 1)),
    null, %(key)s
);
select * from inventory.cancel_reservations(
    jsonb_build_array(jsonb_build_object('reservation', %(reservation)s::text, 'quantity', 1)),
    %(key)s
);

-- flow: stock is held and given back
select * from inventory.reserve_inventory(%(items)s, 'session:' || %(key)s, null, %(key)s);
select * from inventory.release_reservations(array[%(reservation)s], %(key)s);

-- flow: stock is looked up
select * from inventory.get_stock(%(skus)s);
select * from inventory.get_inventory_analytics(%(skus)s, current_date - 60, current_date);

-- flow: the warehouse edits a stock row
select * from inventory.receive_stock(%(items)s, 'MAIN', 'DN-1', %(key)s);
select * from inventory.adjust_stock(%(sku)s, -1, %(version)s, 'Broken', 'MAIN', %(key)s);
select * from inventory.record_damage(%(sku)s, 1, 0, %(version)s, 'Fell down', 'MAIN', %(key)s);
select * from inventory.configure_stock(%(sku)s, %(version)s, 6, 999999, 'MAIN', %(key)s);
select * from inventory.set_overstock_level(%(sku)s, %(version)s, 900000, 'MAIN', %(key)s);
select * from inventory.set_stock(%(sku)s, %(on_hand)s, %(version)s, 'Counted', 'MAIN', %(key)s);
select * from inventory.transfer_stock(%(items)s, 'MAIN', 'TOWN', 'T-1', %(key)s);
select * from inventory.bulk_update_stock(
    jsonb_build_array(jsonb_build_object('sku', %(sku2)s::text, 'on_hand', 90000)),
    'MAIN', 'BULK', %(key)s
);

-- flow: a hot product is spread and gathered again
select * from inventory.split_buckets(%(sku)s, 16, 'MAIN');
select * from inventory.merge_buckets(%(sku)s, 1, 'MAIN');

-- flow: a supplier delivers
select * from inventory.set_supplier(%(capitals)s, 'New supplier', 4, 0, null, true, %(key)s);
select * from inventory.set_supplier_item(
    %(capitals)s, %(sku)s, 2.5, 'GBP', 0, null, 1, 1, null, false, true, %(key)s
);
select * from inventory.receive_from_supplier(
    %(capitals)s, %(items)s, current_date - 3, 'MAIN', 'DN-2', null, %(key)s
);
select * from inventory.propose_reorder(%(capitals)s);

-- flow: what to order from a large supplier
-- job
select * from inventory.propose_reorder('SUP7');

-- flow: a few shelves are counted
select * from inventory.start_stock_count('MAIN', 'Shelf', %(key)s);
select * from inventory.record_stock_count(
    %(count_id)s, jsonb_build_array(jsonb_build_object('sku', %(sku)s::text, 'counted', 90000)),
    %(key)s
);
select * from inventory.post_stock_count(%(count_id)s, 2, %(key)s);
select * from inventory.start_stock_count('MAIN', 'Shelf', 'b' || %(key)s);
select * from inventory.cancel_stock_count(%(count_id)s, 1, %(key)s);
select * from inventory.list_due_counts('MAIN', 20);

-- flow: a variant is put into a category
select c.code as category_code, c.version
from inventory.inventory_categories as c
where c.category_id = 101 + mod(%(n)s, 3);
select * from inventory.set_inventory_category(
    %(category_code)s, 'Renamed', 'B', 30, %(version)s, %(key)s
);
select * from inventory.assign_inventory_category(
    jsonb_build_array(jsonb_build_object('sku', %(sku)s::text, 'category', %(category_code)s::text)),
    'MAIN', %(key)s
);

-- flow: a location is opened and closed
select * from inventory.create_location(%(capitals)s, 'New location', 99, %(key)s);
select * from inventory.update_location(%(capitals)s, 1, 'Closed', 99, false, %(key)s);

-- flow: holds that nobody came back to
-- job
select * from inventory.cleanup_expired_reservations(100);

-- flow: alerts are looked after
-- job
select * from inventory.refresh_alerts(100);

-- flow: days are added up
-- job
select * from inventory.rebuild_analytics(100);
