-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: the whole cart is held for five minutes
select results_eq(
    $$
    select
        r.sku, r.location, r.quantity,
        r.expires_at - clock_timestamp() between interval '4 minutes' and interval '5 minutes'
    from cart.reserve_cart('session:s', 2) as r
    $$,
    $$values ('POT', 'MAIN', 2, true), ('RED', 'MAIN', 4, true)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 6::bigint), ('BLUE', 10), ('POT', 1)$$
);
select is(c.version, 3::bigint) from cart.carts as c;

-- case: again it keeps what is held, and takes only what is missing
select cart.reserve_cart('session:s');
update inventory.inventory_reservations set expires_at = expires_at - interval '4 minutes';
select cart.update_item_quantity('session:s', 'RED', 6);
delete from events.outbox_events;
select results_eq(
    $$
    select r.sku, r.quantity, r.expires_at > clock_timestamp() + interval '4 minutes'
    from cart.reserve_cart('session:s') as r
    order by r.sku, r.quantity
    $$,
    $$values ('POT', 2, true), ('RED', 2, true), ('RED', 4, true)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 4::bigint), ('BLUE', 10), ('POT', 1)$$
);
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    $$
    values
    ('cart.updated'), ('reservation.extended'), ('reservation.extended'),
    ('reservation.created'), ('stock.updated')
    $$
);
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant not like '%_events'$$
);

-- case: a hold that is past its expiry is made anew
select cart.reserve_cart('session:s');
update inventory.inventory_reservations
set expires_at = clock_timestamp() - interval '1 second',
created_at = created_at - interval '1 hour';
select is(count(r.reservation), 2::bigint) from cart.reserve_cart('session:s') as r;
select is(sum(r.open_quantity), 6::bigint)
from inventory.inventory_reservations as r
where r.status = 'active' and r.expires_at > clock_timestamp();

-- case: a cart that cannot be bought is refused with everything that is wrong
select product.set_price('RED', 'EUR', 9, 1);
update product.products set status = 'archived' where code = 'POT';
delete from events.outbox_events;
select throws_ok($$select cart.reserve_cart('session:s')$$, 'SHK06', null);
select is(
    detail_of($$select cart.reserve_cart('session:s')$$),
    '{
        "error": "CART_INVALID",
        "problems": [
            {"sku": "RED", "problem": "PRICE_CHANGED", "price_seen": 7.5000, "price": 9.0000},
            {"sku": "POT", "problem": "PRODUCT_NOT_ACTIVE"}
        ]
    }'::jsonb
);
select is_empty('table events.outbox_events', 'nothing was written');
select cart.clear_cart('session:s');
select throws_ok($$select cart.reserve_cart('session:s')$$, 'SHK06', null, 'empty');

-- case: refusals and keys
select throws_ok($$select cart.reserve_cart('session:x')$$, 'SHK01', null);
select throws_ok($$select cart.reserve_cart('session:s', 1)$$, 'SHC02', null);
select throws_ok($$select cart.reserve_cart('s')$$, '22023', null);
select throws_ok($$select cart.reserve_cart('user:999999999')$$, 'SHA03', null);
create temporary table first as
select r.reservation from cart.reserve_cart('session:s', 2, 'k') as r;
select bag_eq(
    $$select r.reservation from cart.reserve_cart('session:s', 2, 'k') as r$$,
    'select f.reservation from pg_temp.first as f'
);
select throws_ok($$select cart.reserve_cart('session:s', 3, 'k')$$, 'SHC01', null);
