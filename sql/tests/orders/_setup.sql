-- What the files of this folder begin with: each calls what it needs. Most follow an order of a
-- guest; those about placing orders and listing them have Ann, and a thing whose SKU is not ASCII.
-- The functions may name tables that a file makes later.
set local check_function_bodies = off;

-- Mugs, teapots and jars, ten, five and nine of them.
create function pg_temp.sell_three_things()
returns void
language sql as $$
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "JAR", "name": "Jar", "price": 3.33, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "POT", "quantity": 5}, {"sku": "JAR", "quantity": 9}
]');
$$;
-- An order with 5.00 for sending it: its number.
create function pg_temp.place(p_items jsonb, p_owner text default 'session:s')
returns text
language sql as $$
select o.order_number
from orders.place_order(
    p_owner, 'EUR', p_items,
    '{"email": "ann@example.com", "shipping": {"method": "post", "amount": 5}}'
) as o
$$;
-- What the provider said of a payment of all that is due: the status of the order after it.
create function pg_temp.pay(p_order_number text, p_outcome text default 'approved')
returns text
language sql as $$
select r.order_status
from payment.begin_payment(p_order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(
    b.transaction, p_outcome, 'ref-' || b.transaction
) as r
$$;
-- The number of the order that a file is about, in its table pg_temp.placed.
create function pg_temp.number()
returns text
language sql
as 'select p.number from pg_temp.placed as p';

-- Mugs of two colours, teapots for euros and yen, and tea.
create function pg_temp.sell_four_things()
returns void
language sql as $$
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 8.25, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "Grün 茶", "name": "Grüner Tee", "price": 3.33, "currency": "EUR"}
]');
select product.set_price('POT', 'JPY', 2990, 0);
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "BLUE", "quantity": 10}, {"sku": "POT", "quantity": 3},
    {"sku": "Grün 茶", "quantity": 100}
]');
$$;
-- The owner of what the user in pg_temp.ann has.
create function pg_temp.ann()
returns text
language sql
as $$select 'user:' || a.user_id from pg_temp.ann as a$$;

set local check_function_bodies = on;
