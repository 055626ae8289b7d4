-- A small shop in which every call of contract_support.py has something to do.
select core.set_context('staff:anna', 'stage');
select product.create_category('kitchen', 'Kitchen');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "NEW", "name": "Never received", "price": 24, "currency": "EUR"}
]');
select account.register_user('ann@example.com', 'Ann');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 20}, {"sku": "POT", "quantity": 10}]');
select inventory.split_buckets('POT', 3);
select inventory.set_supplier('ACME', 'Acme', 3, 0);

create temporary table handles as
select
    'late' as name,
    r.reservation as handle
from inventory.reserve_inventory('[{"sku": "POT", "quantity": 2}]', 'session:late') as r;
-- Made and forgotten: the units are there for the next buyer.
update inventory.inventory_reservations
set
    created_at = created_at - interval '10 minutes',
    expires_at = expires_at - interval '10 minutes';
insert into handles
select
    'hold',
    r.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann') as r;
update inventory.inventory_reservations
set expires_at = expires_at - interval '1 minute'
where owner = 'session:ann';
insert into handles
select
    'sale',
    r.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'session:sale') as r;
select inventory.commit_reservations(array[h.handle])
from handles as h
where h.name = 'sale';

-- Prices to come and to end, and opinions: one waits for a moderator, one is shown.
select product.create_price_list('sale', 'Sale', 10);
insert into handles
select
    'later',
    p.price_id::text
from product.schedule_price(
    'POT', 'EUR', 20, '2040-01-01 00:00+00', '2040-02-01 00:00+00', 'sale'
) as p;
insert into handles
select
    'fan',
    u.user_id::text
from account.register_user('fan@example.com', 'Fan') as u;
insert into handles
select
    'critic',
    u.user_id::text
from account.register_user('critic@example.com', 'Critic') as u;
insert into handles
select
    'praise',
    r.review::text
from handles as h
cross join lateral product.submit_review(h.handle::bigint, 'MUG', 5, 'Good', 'Fine.', 'Fan') as r
where h.name = 'fan';
select product.moderate_review(h.handle::uuid, 'approved', 1)
from handles as h
where h.name = 'praise';
insert into handles
select
    'waiting',
    r.review::text
from handles as h
cross join lateral product.submit_review(h.handle::bigint, 'MUG', 1) as r
where h.name = 'critic';
insert into handles
select
    'count',
    s.count_id::text
from inventory.start_stock_count() as s;
select inventory.record_stock_count(h.handle::bigint, '[{"sku": "MUG", "counted": 19}]')
from handles as h
where h.name = 'count';

-- Something was low and is not any more, something else is; days and transfers are there.
select product.import_products('[
    {"sku": "LAST", "name": "Last ones", "price": 2, "currency": "EUR"},
    {"sku": "SCARCE", "name": "Hard to get", "price": 2, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "LAST", "quantity": 3}]');
select inventory.refresh_alerts();
select inventory.rebuild_analytics();
select inventory.receive_from_supplier(
    'ACME', '[{"sku": "LAST", "quantity": 9}, {"sku": "SCARCE", "quantity": 2}]', '2026-01-05'
);
select inventory.transfer_stock('[{"sku": "LAST", "quantity": 1}]', 'MAIN', 'TOWN');

-- What editors work on: a tray with a draft, something that nothing refers to, an empty category.
select product.create_category('pans', 'Pans', 'kitchen');
select product.create_category('empty', 'Nothing yet');
select product.create_product('TRAY', '{
    "name": "Tray", "slug": "tray", "category": "pans",
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "images": [{"url": "/1.jpg"}, {"url": "/2.jpg"}]
}');
select product.create_variant(
    'TRAY', '{"sku": "TRAY-S", "name": "Small", "options": {"Size": "S"}}', 1
);
select product.set_price('TRAY-S', 'EUR', 5, 0);
select product.update_product('TRAY', '{"brand": "Brown", "tags": ["old"]}', 2);
select product.save_draft('TRAY', '{"name": "Big tray"}', 3);
select product.create_product('GONE', '{"name": "Going"}');
select product.create_variant('GONE', '{"sku": "GONE-1", "name": "Going"}', 1);
select product.set_price('GONE-1', 'EUR', 5, 0);
select product.create_product('EMPTY', '{"name": "Nothing to sell"}');

-- Ann, who has two addresses, a password and a cart; a guest whose cart holds its stock, and
-- has seen another price; a cart that nobody has touched for long.
select product.import_products('[
    {"sku": "JAR", "name": "Jar", "price": 2, "currency": "EUR"},
    {"sku": "JAM", "name": "Jam", "price": 4, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "JAR", "quantity": 10}, {"sku": "JAM", "quantity": 10}]');
insert into handles
select
    'ann',
    u.user_id::text
from account.users as u
where u.email = 'ann@example.com';
insert into handles
select
    a.name,
    r.address_id::text
from handles as h
cross join (values ('home', 1), ('work', 2)) as a (name, position)
cross join lateral account.add_address(
    h.handle::bigint, 'shipping',
    jsonb_build_object('recipient', a.name, 'line1', '1', 'city', 'London', 'country', 'GB')
) as r
where h.name = 'ann'
order by a.position;
select account.set_password(h.handle::bigint, '$argon2id$' || repeat('h', 60))
from handles as h
where h.name = 'ann';
select cart.add_item_to_cart('user:' || h.handle, 'JAM', 1, 'EUR')
from handles as h
where h.name = 'ann';
select cart.add_item_to_cart('session:cart', 'JAR', 2, 'EUR');
select cart.add_item_to_cart('session:cart', 'JAM', 2, 'EUR');
select cart.reserve_cart('session:cart');
select cart.add_item_to_cart('session:old', 'JAM', 1, 'EUR');
update cart.carts
set expires_at = clock_timestamp() - interval '1 day'
where session_token = 'old';
insert into handles
select
    case when c.user_id is null then 'guest_cart' else 'ann_cart' end,
    c.public_id::text
from cart.carts as c
where c.session_token is distinct from 'old';
select product.set_price('JAR', 'EUR', 3, 1);
-- As an upgrade leaves it: not written yet.
update product.search_documents as d
set is_stale = true
from product.products as p
where p.product_id = d.product_id and p.code = 'MUG';
