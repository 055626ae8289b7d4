-- setup: Ann has bought mugs twice, Ben once
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG-S", "product": "MUG", "product_name": "Mug", "name": "S", "price": 10,
     "currency": "EUR"},
    {"sku": "MUG-L", "product": "MUG", "name": "L", "price": 12, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24.5, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "MUG-S", "quantity": 100}, {"sku": "MUG-L", "quantity": 100},
    {"sku": "POT", "quantity": 100}
]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
create function pg_temp.buy(p_name text, p_items jsonb)
returns text
language sql
as $$
select o.order_number
from account.users as u
cross join lateral orders.place_order('user:' || u.user_id, 'EUR', p_items) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(
    b.transaction, 'approved', 'au_' || o.order_number
) as r
where u.full_name = p_name
$$;
create function pg_temp.found(p_name text, p_code text)
returns text
language sql
as $$
select o.order_number || ' ' || f.line_no
from account.users as u
cross join product.products as p
cross join lateral orders.find_purchase(u.user_id, p.product_id) as f
inner join orders.orders as o on o.order_id = f.order_id
where u.full_name = p_name and p.code = p_code
$$;
create temporary table bought as
select
    pg_temp.buy('Ann', '[{"sku": "POT", "quantity": 1}, {"sku": "MUG-L", "quantity": 2}]')
        as first_order,
    pg_temp.buy('Ann', '[{"sku": "MUG-S", "quantity": 1}]') as second_order,
    pg_temp.buy('Ben', '[{"sku": "MUG-S", "quantity": 1}]') as bens;

-- case: who has only paid has seen nothing yet
select is(pg_temp.found('Ann', 'MUG'), null);

-- case: the first line of which a unit was sent, of whatever variant
select orders.ship_order(b.second_order)
from bought as b;
select is(pg_temp.found('Ann', 'MUG'), b.second_order || ' 1')
from bought as b;
select orders.ship_order(b.first_order, '[{"sku": "MUG-L", "quantity": 1}]')
from bought as b;
select is(pg_temp.found('Ann', 'MUG'), b.first_order || ' 2')
from bought as b;
select is(pg_temp.found('Ann', 'POT'), null, 'the other line is still here');
select is(pg_temp.found('Ben', 'MUG'), null, 'somebody else''s parcel');
