-- setup: Ann, ten red and ten blue mugs, three teapots
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 8.25, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "BLUE", "quantity": 10}, {"sku": "POT", "quantity": 3}
]');
create function pg_temp.owner()
returns text
language sql
as $$select 'user:' || a.user_id from pg_temp.ann as a$$;
select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address());
select account.set_password(pg_temp.ann(), pg_temp.hash());
select product.submit_review(pg_temp.ann(), 'RED', 5, 'Fine', 'It holds tea.', 'Ann O.');
select cart.add_item_to_cart(pg_temp.owner(), 'RED', 2, 'EUR');
select cart.reserve_cart(pg_temp.owner());
select cart.roll_up_metrics();
select cart.add_item_to_cart(pg_temp.owner(), 'POT', 1, 'EUR');
delete from events.outbox_events;

-- case: everything that is held is there
select results_eq(
    $$
    select
        x.data #>> '{user,email}', x.data #>> '{addresses,0,city}',
        x.data #>> '{credentials,0,kind}', x.data #>> '{reviews,0,author_name}',
        x.data #>> '{carts,0,items,0,sku}', x.data #>> '{carts,0,items,1,sku}',
        x.data #>> '{cart_metrics,0,adds}', x.data #>> '{cart_activities,0,kind}',
        x.data #>> '{reservations,0,quantity}'
    from (select account.export_user(pg_temp.ann()) as data) as x
    $$,
    $$
    values (
        'ann@example.com', 'London', 'password', 'Ann O.', 'RED', 'POT', '1', 'add', '2'
    )
    $$
);

-- case: orders and what was paid for them are there, with all that belongs to them
create temporary table bought as
select
    o.order_number,
    b.payment
from orders.place_order(
    pg_temp.owner(), 'EUR', '[{"sku": "BLUE", "quantity": 2}]',
    '{"phone": "+442071838750", "shipping_address": {"recipient": "Ann", "line1": "1 High Street",
    "city": "London", "country": "GB"}}'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(b.transaction, 'approved', 'au_1');
select payment.add_payment_method(
    pg_temp.ann(), 'acme', 'card', 'tok_ann', 'visa', '4242', 1, 2030
);
select orders.ship_order(b.order_number, null, 'Carrier', 'T-1')
from bought as b;
select payment.record_capture(c.transaction, 'succeeded', 'ch_1')
from bought as b
cross join lateral payment.begin_capture(b.payment) as c;
select payment.request_refund(b.order_number, 1)
from bought as b;
select payment.add_evidence(d.dispute, 'letter', 'Dear bank')
from bought as b
cross join lateral payment.open_dispute(b.payment, 'dp_1', 'general', 2) as d;
select results_eq(
    $$
    select
        x.data #>> '{orders,0,contact,shipping_address,city}',
        x.data #>> '{orders,0,items,0,sku}', x.data #>> '{orders,0,history,1,to_status}',
        x.data #>> '{orders,0,parcels,0,tracking}',
        x.data #>> '{payment_methods,0,last4}', x.data #>> '{payments,0,transactions,0,kind}',
        x.data #>> '{payments,0,refunds,0,status}',
        x.data #>> '{payments,0,disputes,0,evidence,0,body}'
    from (select account.export_user(pg_temp.ann()) as data) as x
    $$,
    $$
    values (
        'London', 'BLUE', 'confirmed', 'T-1', '4242', 'authorize', 'requested', 'Dear bank'
    )
    $$
);
select unalike(account.export_user(pg_temp.ann())::text, '%tok_ann%', 'the token');
select unalike(account.export_user(pg_temp.ann())::text, '%staff:%', 'the staff');

-- case: no secret, and none of the staff
select unalike(account.export_user(pg_temp.ann())::text, '%argon%', 'the hash');
select unalike(account.export_user(pg_temp.ann())::text, '%staff:%', 'the staff');

-- case: every table that names a user is exported, or known to be no one's data
select set_eq(
    $$
    select a.attrelid::regclass::text
    from pg_attribute as a
    inner join pg_class as c on c.oid = a.attrelid
    where a.attname = 'user_id' and c.relkind = 'r' and c.relowner = 'shop_owner'::regrole
    $$,
    $$
    values
    ('account.users'), ('account.addresses'), ('account.credentials'), ('cart.carts'),
    ('orders.orders'), ('payment.payment_methods'), ('product.product_reviews')
    $$
);

-- case: of somebody without anything, and of an anonymized user, there is little
select account.register_user('bob@example.com', 'Bob');
select is(account.export_user(u.user_id) - 'user', '{
    "addresses": [], "credentials": [], "reviews": [], "reservations": [], "carts": [],
    "cart_metrics": [], "cart_activities": [], "orders": [], "payment_methods": [], "payments": []
}'::jsonb)
from account.users as u
where u.full_name = 'Bob';
select account.anonymise_user(pg_temp.ann());
select unalike(
    account.export_user(pg_temp.ann())::text, v.what, v.what
)
from (values ('%example.com%'), ('%London%'), ('%Ann%'), ('%2071838%')) as v (what);

-- case: an unknown user is refused
select throws_ok('select account.export_user(0)', 'SHA03', null);
select throws_ok('select account.export_user(null)', 'SHA03', null);
