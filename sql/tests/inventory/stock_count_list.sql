-- setup: ten mugs, no pots on hand, and a stocktake
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table sheet as
select s.count_id as id from inventory.start_stock_count(null, 'Sheet 1') as s;

-- case: stocktakes are listed with their lines and the units that they differ by
select results_eq(
    'select c.status, c.lines, c.difference, c.version from inventory.stock_count_list as c',
    $$values ('open', 0::bigint, 0::bigint, 1::bigint)$$
);
select inventory.record_stock_count(
    s.id, '[{"sku": "POT", "counted": 2}, {"sku": "MUG", "counted": 7}]'
)
from pg_temp.sheet as s;
select inventory.post_stock_count(s.id, 2) from pg_temp.sheet as s;
select results_eq(
    $$
    select
        c.location, c.status, c.reference, c.lines, c.difference, c.version, c.created_by,
        c.updated_by
    from inventory.stock_count_list as c
    $$,
    $$
    values (
        'MAIN', 'posted', 'Sheet 1', 2::bigint, -1::bigint, 3::bigint, 'staff:anna', 'staff:anna'
    )
    $$
);
select inventory.start_stock_count(null, 'Sheet 2');
select results_eq(
    $$select c.lines from inventory.stock_count_list as c where c.reference = 'Sheet 2'$$,
    array[0::bigint], 'each with its own'
);
