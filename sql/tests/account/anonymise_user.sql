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
select account.set_customer_group(pg_temp.ann(), 'trade', 1);
select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address());
select account.add_address(pg_temp.ann(), 'billing', pg_temp.address());
select account.set_password(pg_temp.ann(), pg_temp.hash());
select product.submit_review(pg_temp.ann(), 'RED', 5, 'Fine', 'It holds tea.', 'Ann O.');
select cart.add_item_to_cart(pg_temp.owner(), 'RED', 2, 'EUR');
select cart.reserve_cart(pg_temp.owner());
delete from events.outbox_events;

-- case: the person goes
select results_eq(
    $$
    select r.user_id = pg_temp.ann(), r.public_id = u.public_id, r.anonymized_at is not null,
    r.version
    from account.users as u
    cross join lateral account.anonymise_user(u.user_id) as r
    $$,
    'values (true, true, true, 3::bigint)'
);
select results_eq(
    $$
    select u.email, u.full_name, u.phone, u.customer_group, u.status, u.version, u.updated_by
    from account.users as u
    $$,
    $$
    select
        'anonymized.' || pg_temp.ann() || '@invalid', 'Anonymized', null::text, null::text,
        'anonymized', 3::bigint, 'staff:anna'
    $$
);
select is_empty('table account.addresses', 'addresses');
select is_empty('table account.credentials', 'credentials');
select results_eq(
    'select r.author_name, r.title, r.rating from product.product_reviews as r',
    $$values (null::text, 'Fine', 5::smallint)$$,
    'what was said stays'
);
select results_eq(
    'select c.status, c.user_id from cart.carts as c', $$select 'expired', pg_temp.ann()$$
);
select results_eq(
    'select r.status from inventory.inventory_reservations as r', $$values ('released')$$
);
select bag_eq(
    $$
    select e.event_type
    from events.outbox_events as e
    where e.event_type not like 'review.%' and e.event_type not like 'stock.%'
    $$,
    $$
    values
    ('address.removed'), ('address.removed'), ('user.anonymized'), ('cart.expired'),
    ('reservation.released')
    $$
);
select is_empty(
    $$select from events.outbox_events as e where e.payload::text ~* 'ann|london|2071838'$$,
    'no event names the person'
);

-- case: what still has to be sent has to go somewhere
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
delete from events.outbox_events;
select throws_ok('select account.anonymise_user(pg_temp.ann())', 'SHA08', null, 'paid for');
select is_empty('table events.outbox_events', 'nothing was written');
select is(u.status, 'active')
from account.users as u;

-- case: orders stay, the person goes
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
select orders.ship_order(b.order_number)
from bought as b;
select orders.add_customer_note(b.order_number, pg_temp.owner(), 'Ring at Ann''s')
from bought as b;
select orders.add_order_note(b.order_number, 'Ann has called')
from bought as b;
select orders.place_order(pg_temp.owner(), 'EUR', '[{"sku": "BLUE", "quantity": 2}]');
select orders.cancel_order(o.order_number, p_reason => 'test')
from orders.orders as o
where o.status = 'pending';
delete from events.outbox_events;
select account.anonymise_user(pg_temp.ann());
select results_eq(
    $$
    select c.email, c.phone, c.shipping_address, c.billing_address, c.erased_at is not null
    from orders.order_contacts as c
    $$,
    $$
    values
    (null::text, null::text, null::jsonb, null::jsonb, true), (null, null, null, null, true)
    $$
);
select results_eq(
    'select n.visibility, n.body, n.erased_at is not null from orders.order_notes as n order by 1',
    $$values ('customer', null::text, true), ('internal', null, true)$$,
    'that somebody wrote stays, what was written goes'
);
select bag_eq(
    'select o.status, o.user_id = pg_temp.ann(), o.total from orders.orders as o',
    $$values ('shipped', true, 16.5::numeric), ('cancelled', true, 16.5)$$
);
select results_eq(
    $$
    select m.status, m.token, m.brand, m.last4, m.exp_month, m.is_default
    from payment.payment_methods as m
    $$,
    $$values ('removed', null::text, null::text, null::text, null::smallint, false)$$
);
select bag_eq(
    $$
    select e.event_type
    from events.outbox_events as e
    where e.event_type like 'order.%' or e.event_type like 'payment%'
    $$,
    $$values ('order.contact_erased'), ('order.contact_erased'), ('payment_method.removed')$$
);
select is_empty(
    $$select from events.outbox_events as e where e.payload::text ~* 'ann|london|2071838'$$,
    'no event names the person'
);
select unalike(account.export_user(pg_temp.ann())::text, v.what, v.what)
from (values ('%London%'), ('%2071838%'), ('%4242%')) as v (what);

-- case: the address and number are free again
select account.anonymise_user(pg_temp.ann());
select lives_ok(
    $$select account.register_user('ann@example.com', 'Ann', '+442071838750')$$
);

-- case: asked for twice it is done once
select account.anonymise_user(pg_temp.ann());
delete from events.outbox_events;
select is(r.version, 3::bigint) from account.anonymise_user(pg_temp.ann()) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: somebody without anything is anonymised too
select is(r.version, 2::bigint)
from account.register_user('bob@example.com', 'Bob') as b
cross join lateral account.anonymise_user(b.user_id) as r;

-- case: the address of nobody cannot be taken beforehand, to keep somebody from leaving
select throws_ok(
    format('select account.register_user(%L, ''Eve'')', a.address), '22023', null, a.address
)
from (
    select 'anonymized.' || pg_temp.ann() || '@invalid' as address
    union all
    select 'Anonymized.' || pg_temp.ann() || '@INVALID'
) as a;
select throws_ok(
    format(
        'select account.update_user(%s, ''{"email": "anonymized.9@invalid"}'', 2)', pg_temp.ann()
    ),
    '22023', null
);
select lives_ok('select account.anonymise_user(pg_temp.ann())');

-- case: refusals and keys
select throws_ok('select account.anonymise_user(0)', 'SHA03', null);
select throws_ok('select account.anonymise_user(null)', 'SHA03', null);
select account.anonymise_user(pg_temp.ann(), 'k');
select is(r.version, 3::bigint) from account.anonymise_user(pg_temp.ann(), 'k') as r;
select throws_ok($$select account.anonymise_user(pg_temp.ann(), '')$$, '22023', null);

-- case: a row that says anonymized has nobody in it
select throws_ok($$update account.users set status = 'anonymized'$$, '23514', null);
