-- setup: mugs at 10.00 and teapots at 24.50, in euros and pounds
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 10, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24.5, "currency": "EUR"}
]');
select product.set_price('MUG', 'GBP', 9, 0);
select inventory.receive_stock('[
    {"sku": "MUG", "quantity": 100}, {"sku": "POT", "quantity": 100}
]');
create function pg_temp.buy(p_items jsonb, p_currency text default 'EUR')
returns text
language sql
as $$
select o.order_number from orders.place_order('session:ann', p_currency, p_items) as o
$$;
create function pg_temp.paid(p_order_number text)
returns text
language sql
as $$
select p_order_number
from payment.begin_payment(p_order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(
    b.transaction, 'approved', 'au_' || p_order_number
) as r
$$;
create function pg_temp.sold()
returns table (sku text, currency text, units bigint, revenue numeric)
language sql
as $$
select v.sku, s.currency, s.units, s.revenue
from orders.variant_sales as s
inner join product.variants as v on v.variant_id = s.variant_id
order by v.sku, s.currency
$$;

-- case: what is not paid for is not sold
select pg_temp.buy('[{"sku": "MUG", "quantity": 3}]');
select results_eq('select * from orders.roll_up_sales()', 'values (0::bigint, 0::bigint)');

-- case: what is confirmed counts once, discounts off and taxes in
select pg_temp.paid(pg_temp.buy('[
    {"sku": "MUG", "quantity": 3, "discounts": [{"code": "TEN", "rate": 0.1}],
     "taxes": [{"name": "VAT", "rate": 0.2}]},
    {"sku": "POT", "quantity": 2}
]'));
select pg_temp.paid(pg_temp.buy('[{"sku": "MUG", "quantity": 2}]', 'GBP'));
select results_eq('select * from orders.roll_up_sales()', 'values (2::bigint, 3::bigint)');
select results_eq(
    'select * from pg_temp.sold()',
    $$
    values
    ('MUG', 'EUR', 3::bigint, 32.4::numeric), ('MUG', 'GBP', 2, 18), ('POT', 'EUR', 2, 49)
    $$
);
select results_eq('select * from orders.roll_up_sales()', 'values (0::bigint, 0::bigint)', 'once');

-- case: what is cancelled before it is paid was never sold
create temporary table placed as
select pg_temp.buy('[{"sku": "MUG", "quantity": 5}]') as order_number;
select orders.cancel_order(p.order_number, '[{"sku": "MUG", "quantity": 2}]', 'test')
from placed as p;
select pg_temp.paid(p.order_number)
from placed as p;
select orders.roll_up_sales();
select results_eq(
    'select * from pg_temp.sold()', $$values ('MUG', 'EUR', 3::bigint, 30::numeric)$$
);

-- case: what is cancelled afterwards is taken off again, in one count or in two
create temporary table placed as
select pg_temp.paid(pg_temp.buy('[{"sku": "MUG", "quantity": 5}]')) as order_number;
select orders.cancel_order(p.order_number, '[{"sku": "MUG", "quantity": 2}]', 'test')
from placed as p;
select orders.roll_up_sales();
select results_eq(
    'select * from pg_temp.sold()', $$values ('MUG', 'EUR', 3::bigint, 30::numeric)$$
);
select orders.cancel_order(p.order_number, p_reason => 'test')
from placed as p;
select results_eq('select * from orders.roll_up_sales()', 'values (1::bigint, 1::bigint)');
select results_eq(
    'select * from pg_temp.sold()', $$values ('MUG', 'EUR', 0::bigint, 0::numeric)$$
);

-- case: batches have their size
select pg_temp.paid(pg_temp.buy('[{"sku": "MUG", "quantity": 2}]'))
from generate_series(1, 3);
select is(r.changes, 2::bigint) from orders.roll_up_sales(2) as r;
select is(r.changes, 1::bigint) from orders.roll_up_sales(2) as r;
select results_eq(
    'select * from pg_temp.sold()', $$values ('MUG', 'EUR', 6::bigint, 60::numeric)$$
);
select throws_ok(
    format('select orders.roll_up_sales(%L)', b.n), '22023', null, coalesce(b.n, 'null')
)
from (values (null), ('0'), ('-1'), ('1000001')) as b (n);

-- case: whatever a function forgets, the tables refuse
select pg_temp.paid(pg_temp.buy('[{"sku": "MUG", "quantity": 2}]'));
select throws_ok(b.change, b.sqlstate, null, b.title)
from (
    values
    ('update orders.sales_changes set credit_no = -1', '23514', 'a negative credit'),
    ('update orders.sales_changes set credits_before = -1', '23514', 'fewer than none'),
    (
        'insert into orders.sales_changes select order_id, 0, 0 from orders.orders', '23505',
        'counted twice'
    ),
    ('update orders.sales_changes set order_id = -1', '23503', 'no such order'),
    (
        $$insert into orders.variant_sales values (-1, 'EUR', 1, 1)$$, '23503', 'no such variant'
    ),
    (
        $$
        insert into orders.variant_sales
        select v.variant_id, 'XXX', 1, 1 from product.variants as v
        $$,
        '23503', 'no such currency'
    ),
    (
        $$
        insert into orders.variant_sales
        select v.variant_id, 'EUR', 1, 1
        from product.variants as v
        cross join generate_series(1, 2)
        $$,
        '23505', 'two rows of one'
    )
) as b (change, sqlstate, title);
