-- setup: mugs in two locations, teapots in one, nothing of the third
select core.set_context('staff:anna');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "NEW", "name": "Never received", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 5}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 4}]', 'TOWN');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'session:ann');

-- case: by default it is a row a SKU over all locations, in order
select results_eq(
    $$
    select
        s.sku, s.location, s.current_stock, s.reserved_quantity, s.available_stock,
        s.min_stock_level, s.is_in_stock, s.is_low_stock, s.version, s.last_updated_by
    from inventory.get_stock(array['POT', 'MUG']) as s
    $$,
    $$
    values
    ('MUG', null, 14::bigint, 3::bigint, 11::bigint, 10::bigint, true, false, 2::bigint,
    'staff:anna'),
    ('POT', null, 5, 0, 5, 5, true, true, 2, 'staff:anna')
    $$
);

-- case: it may be one location, or a row for each
select results_eq(
    $$
    select s.sku, s.location, s.current_stock, s.available_stock
    from inventory.get_stock(array['POT', 'MUG'], 'TOWN') as s
    $$,
    $$values ('MUG', 'TOWN', 4::bigint, 4::bigint)$$
);
select results_eq(
    $$
    select s.sku, s.location, s.current_stock, s.available_stock
    from inventory.get_stock(array['POT', 'MUG'], null, true) as s
    $$,
    $$values ('MUG', 'MAIN', 10::bigint, 7::bigint), ('MUG', 'TOWN', 4, 4), ('POT', 'MAIN', 5, 5)$$
);

-- case: SKUs without stock, unknown ones and nulls have no row, repeated ones have one
select is_empty($$select s.* from inventory.get_stock(array['NEW', 'NONE', '', null]) as s$$);
select is_empty($$select s.* from inventory.get_stock('{}') as s$$, 'no SKU, no row');
select is(count(*), 1, 'once')
from inventory.get_stock(array['MUG', 'MUG', 'NONE']);

-- case: overdue holds count as available, without a sweeper
update inventory.inventory_reservations set expires_at = clock_timestamp();
select results_eq(
    $$
    select s.reserved_quantity, s.available_stock
    from inventory.get_stock(array['MUG']) as s
    $$,
    'values (0::bigint, 14::bigint)'
);

-- case: a thousand SKUs are one call
select product.import_products((
    select jsonb_agg(jsonb_build_object(
        'sku', 'S' || g.n, 'name', 'N', 'price', 1, 'currency', 'EUR'
    ))
    from generate_series(1, 1000) as g (n)
));
select inventory.receive_stock((
    select jsonb_agg(jsonb_build_object('sku', 'S' || g.n, 'quantity', g.n))
    from generate_series(1, 1000) as g (n)
));
select results_eq(
    $$
    select count(*), sum(s.available_stock)
    from inventory.get_stock((
        select array_agg('S' || g.n) from generate_series(1, 10000) as g (n)
    )) as s
    $$,
    'values (1000::bigint, 500500::numeric)'
);

-- case: an unknown location is refused
select throws_ok(
    format('select inventory.get_stock(array[%L], %L)', 'MUG', b.code), 'SHI08', null, b.code
)
from (values ('CELLAR'), ('town'), ('')) as b (code);

-- case: malformed arguments are refused
select throws_ok('select inventory.get_stock(null)', '22023', null, 'no array');
select throws_ok(
    $$select inventory.get_stock(array['MUG'], null, null)$$, '22023', null, 'neither yes nor no'
);
select throws_ok(
    $$select inventory.get_stock(array_fill('MUG'::text, array[10001]))$$, '22023', null,
    '10,001 SKUs'
);
