-- setup: ten mugs, no pots on hand, and a stocktake
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table sheet as
select s.count_id as id from inventory.start_stock_count(null, 'Sheet 1') as s;

-- case: a line is listed with what the books said, and its movement once it is posted
select inventory.record_stock_count(s.id, '[{"sku": "MUG", "counted": 7}]') from pg_temp.sheet as s;
select results_eq(
    $$
    select n.sku, n.location, n.status, n.expected, n.counted, n.difference, n.seq, n.counted_by
    from inventory.stock_count_line_list as n
    $$,
    $$values ('MUG', 'MAIN', 'open', 10, 7, -3, null::bigint, 'staff:anna')$$
);
select inventory.post_stock_count(s.id, 2) from pg_temp.sheet as s;
select results_eq(
    'select n.status, n.seq from inventory.stock_count_line_list as n',
    $$values ('posted', 2::bigint)$$
);
