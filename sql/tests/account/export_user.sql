-- setup: Ann, ten red and ten blue mugs, three teapots
select core.set_context('staff:anna', 'req-1');
create function pg_temp.hash()
returns text
language sql
as $$select '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2hoYXNo'$$;
create function pg_temp.address()
returns jsonb
language sql
as $$
select '{"recipient": "Ann", "line1": "1 High Street", "city": "London", "country": "GB"}'::jsonb
$$;
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
create function pg_temp.ann()
returns bigint
language sql
as 'select a.user_id from pg_temp.ann as a';
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
    ('product.product_reviews')
    $$
);

-- case: of somebody without anything, and of an anonymized user, there is little
select account.register_user('bob@example.com', 'Bob');
select is(account.export_user(u.user_id) - 'user', '{
    "addresses": [], "credentials": [], "reviews": [], "reservations": [], "carts": [],
    "cart_metrics": [], "cart_activities": []
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
