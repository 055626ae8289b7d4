-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
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
