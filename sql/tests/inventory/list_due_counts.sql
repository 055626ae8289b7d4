-- setup: three products in stock, one counted today, one never, one without a category
select product.import_products('[
    {"sku": "CUP", "name": "Cup", "price": 7.5, "currency": "EUR"},
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "CUP", "quantity": 1}, {"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 4}
]');
select inventory.assign_inventory_category(
    '[{"sku": "MUG", "category": "A"}, {"sku": "POT", "category": "C"}]'
);
select inventory.bulk_update_stock('[{"sku": "MUG", "on_hand": 10}]');
select inventory.create_location('TOWN', 'Shop in town', 2);

-- case: what was never counted is due, what was counted lately is not
select results_eq(
    $$
    select d.sku, d.location, d.category, d.abc_class, d.on_hand, d.counted_at, d.due_at
    from inventory.list_due_counts() as d
    $$,
    $$values ('POT', 'MAIN', 'C', 'C', 4, null::timestamptz, null::timestamptz)$$
);

-- case: it is due again as often as its category says, class A first
update inventory.inventory set counted_at = counted_at - interval '30 days';
select results_eq(
    $$select d.sku, d.due_at <= clock_timestamp() from inventory.list_due_counts() as d$$,
    $$values ('MUG', true), ('POT', null)$$
);
update inventory.inventory set counted_at = counted_at + interval '1 hour';
select results_eq('select d.sku from inventory.list_due_counts() as d', $$values ('POT')$$);

-- case: one location, and so many rows
select is_empty($$select inventory.list_due_counts('TOWN')$$, 'nothing there');
update inventory.inventory set counted_at = null;
select results_eq('select d.sku from inventory.list_due_counts(null, 1) as d', $$values ('MUG')$$);

-- case: an unknown location and a malformed limit are refused
select throws_ok($$select inventory.list_due_counts('CELLAR')$$, 'SHI08');
select throws_ok(
    format('select inventory.list_due_counts(null, %L)', b.n), '22023', null,
    coalesce(b.n::text, 'null')
)
from (values (0), (10001), (null)) as b (n);
