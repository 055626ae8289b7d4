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
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'order:1') as r;
select inventory.commit_reservations(array[h.handle])
from handles as h
where h.name = 'sale';
