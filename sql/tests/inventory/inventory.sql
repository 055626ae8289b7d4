-- setup: ten mugs
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');

-- case: whatever a function forgets, the table refuses
select throws_ok(
    format(
        'insert into inventory.inventory (variant_id, location_id, on_hand, damaged, max_on_hand,
        min_stock_level, last_seq, bucket_count, last_updated_by)
        select v.variant_id, l.location_id, %s, %s, %s, %s, %s, %s, %L
        from product.variants as v cross join inventory.locations as l where v.sku = %L',
        b.on_hand, b.damaged, b.max_on_hand, b.low, b.last_seq, b.buckets, 'test', 'POT'
    ),
    '23514', null, b.title
)
from (
    values
    (-1, 0, 9, 0, '1', 1, 'less than nothing on hand'),
    (10, 0, 9, 0, '1', 1, 'more than the ceiling'),
    (0, -1, 9, 0, '1', 1, 'less than nothing damaged'),
    (1, 2, 9, 0, '1', 1, 'more damaged than there is'),
    (0, 0, 9, -1, 'null', 1, 'a low-stock level below zero'),
    (0, 0, 9, 0, 'null', 0, 'no bucket'),
    (0, 0, 9, 0, 'null', 65, 'too many buckets'),
    (1, 0, 9, 0, 'null', 1, 'units that no movement brought')
) as b (on_hand, damaged, max_on_hand, low, last_seq, buckets, title);

-- case: the newest movement has to exist by the end of the transaction
select throws_ok(
    $$
    insert into inventory.inventory (
        variant_id, location_id, on_hand, max_on_hand, min_stock_level, last_seq, last_updated_by
    )
    select v.variant_id, l.location_id, 1, 9, 0, 1, 'test'
    from product.variants as v
    cross join inventory.locations as l
    where v.sku = 'POT';
    set constraints all immediate
    $$,
    '23503', null
);

-- case: stock is of a variant and at a location that exist, once
select throws_ok(
    format(
        'insert into inventory.inventory (variant_id, location_id, max_on_hand, min_stock_level,
        last_updated_by) select %s, %s, 9, 0, %L
        from inventory.inventory as i', b.variant_id, b.location_id, 'test'
    ),
    b.code, null, b.title
)
from (
    values
    ('i.variant_id', 'i.location_id', '23505', 'twice'),
    ('i.variant_id + 1000', 'i.location_id', '23503', 'of no variant'),
    ('i.variant_id', 'i.location_id + 1000', '23503', 'at no location')
) as b (variant_id, location_id, code, title);

-- case: it has a category that exists, and an overstock level from zero
select throws_ok(b.change, b.code, null, b.title)
from (
    values
    ('update inventory.inventory set category_id = -1', '23503', 'no category'),
    ('update inventory.inventory set overstock_level = -1', '23514', 'a level below zero')
) as b (change, code, title);
select inventory.assign_inventory_category('[{"sku": "MUG", "category": "B"}]');
select throws_like(
    $$delete from inventory.inventory_categories where code = 'B'$$,
    '%violates%inventory_category_id_fkey%', 'in use'
);

-- case: what stock hangs on cannot be deleted
select throws_like(b.change, '%violates%foreign key constraint%', b.title)
from (
    values
    ('delete from inventory.inventory', 'a stock row with movements'),
    ($$delete from inventory.locations where code = 'MAIN'$$, 'its location'),
    ($$delete from product.variants where sku = 'MUG'$$, 'its variant')
) as b (change, title);

-- case: a location has a code in capitals, and a name
select throws_ok(b.change, b.code, null, b.title)
from (
    values
    ($$update inventory.locations set code = 'main'$$, '23514', 'small letters'),
    ($$update inventory.locations set name = ''$$, '23514', 'no name'),
    ($$update inventory.locations set name = repeat('x', 201)$$, '23514', 'a long name'),
    (
        $$insert into inventory.locations (code, name, rank, updated_by)
        values ('MAIN', 'M', 1, 'test')$$,
        '23505', 'a code twice'
    )
) as b (change, code, title);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('inventory')$$,
    $$
    values
    ('inventory', 'category_id counted_at last_seq overstock_level'),
    ('inventory_alerts', 'closed_at closed_observed'),
    ('inventory_movements', 'prev_seq reason reference request_id reservation_id'),
    ('inventory_reservations', 'closed_at slot slot_limit'),
    ('stock_count_lines', 'seq'),
    ('stock_counts', 'closed_at reference'),
    ('stock_jobs', 'ran_at'),
    ('stock_transfers', 'reference request_id'),
    ('supplier_items', 'lead_time_days supplier_sku'),
    ('supplier_receipts', 'reference request_id seq')
    $$,
    'columns that may be null'
);
