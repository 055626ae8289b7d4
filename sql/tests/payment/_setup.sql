-- What the files of this folder begin with: each calls what it needs. Half of them sell to Ann, in
-- pounds or yen; the others, about refunds and disputes, sell to a guest, in euros.
-- The functions may name tables that a file makes later.
set local check_function_bodies = off;

-- Red mugs at 10.00 pounds, fans at 1200 yen.
create function pg_temp.sell_in_pounds_and_yen()
returns void
language sql as $$
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 10, "currency": "GBP"},
    {"sku": "YEN", "name": "Fan", "price": 1200, "currency": "JPY"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 20}, {"sku": "YEN", "quantity": 9}]');
$$;
-- An order by the user in pg_temp.ann: its number.
create function pg_temp.place(p_quantity integer default 3, p_sku text default 'RED')
returns text
language sql as $$
select r.order_number
from orders.place_order(
    'user:' || (select a.user_id from pg_temp.ann as a),
    case p_sku when 'RED' then 'GBP' else 'JPY' end,
    jsonb_build_array(jsonb_build_object('sku', p_sku, 'quantity', p_quantity)),
    '{"email": "ann@example.com"}'
) as r
$$;
-- An attempt at paying her order: its transaction.
create function pg_temp.begin(p_order text, p_amount numeric default null)
returns uuid
language sql
as $$select b.transaction from payment.begin_payment(p_order, 'fake', null, p_amount) as b$$;
-- Her payment, for which the provider has authorised what was asked or the amount given.
create function pg_temp.approve(
    p_order text, p_ref text default 'auth-1', p_amount numeric default null
)
returns uuid
language sql as $$
select r.payment
from payment.process_payment_authorization(
    pg_temp.begin(p_order), 'approved', p_ref, p_amount
) as r
$$;
-- A capture of all that is authorised, or of the amount given: its transaction.
create function pg_temp.capture(
    p_payment uuid, p_ref text default 'cap-1', p_amount numeric default null
)
returns uuid
language sql as $$
select r.transaction
from payment.begin_capture(p_payment, p_amount) as b
cross join lateral payment.record_capture(b.transaction, 'succeeded', p_ref) as r
$$;

-- The order's status and payment status.
create function pg_temp.status(p_order text)
returns text
language sql as $$
select o.status || '/' || o.payment_status from orders.orders as o where o.order_number = p_order
$$;

-- Mugs at 10.00 euros.
create function pg_temp.sell_in_euros()
returns void
language sql as $$
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 10, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 100}]');
$$;
-- An order of mugs by a guest: its number.
create function pg_temp.place_as_guest(p_quantity integer)
returns text
language sql as $$
select o.order_number
from orders.place_order('session:ann', 'EUR', jsonb_build_array(
    jsonb_build_object('sku', 'MUG', 'quantity', p_quantity)
)) as o
$$;
-- The guest's payment, authorised for what was asked.
create function pg_temp.authorise(p_order text, p_ref text, p_amount numeric default null)
returns uuid
language sql as $$
select r.payment
from payment.begin_payment(p_order, 'acme', p_amount => p_amount) as b
cross join lateral payment.process_payment_authorization(
    b.transaction, 'approved', 'au_' || p_ref
) as r
$$;
-- The guest's payment, captured.
create function pg_temp.pay(p_order text, p_ref text)
returns uuid
language sql as $$
select r.payment
from (select pg_temp.authorise(p_order, p_ref) as payment) as a
cross join lateral payment.begin_capture(a.payment) as b
cross join lateral payment.record_capture(b.transaction, 'succeeded', 'ch_' || p_ref) as r
$$;

set local check_function_bodies = on;
