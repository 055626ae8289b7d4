-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
create function pg_temp.ann()
returns text
language sql
as $$select 'user:' || a.user_id from pg_temp.ann as a$$;
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "BLUE", "name": "Blue mug", "price": 8.25, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[
    {"sku": "RED", "quantity": 10}, {"sku": "BLUE", "quantity": 10}, {"sku": "POT", "quantity": 3}
]');
create function pg_temp.variant(p_sku text)
returns bigint
language sql
as 'select v.variant_id from product.variants as v where v.sku = p_sku';
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: lines as the customer saw them
select product.set_price('RED', 'EUR', 9, 1);
select bag_eq(
    $$
    select i.sku, i.name_seen, i.quantity, i.price_seen, i.currency, i.cart_status
    from cart.cart_item_list as i
    $$,
    $$
    values
    ('RED', 'Red mug', 4, 7.5000::numeric(19, 4), 'EUR', 'active'),
    ('POT', 'Teapot', 2, 24, 'EUR', 'active')
    $$
);
