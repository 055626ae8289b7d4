-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
select cart.reserve_cart('session:s');
select cart.add_item_to_cart('session:t', 'RED', 1, 'EUR');
select cart.add_item_to_cart('session:u', 'RED', 1, 'EUR');
select cart.clear_cart('session:u');
delete from events.outbox_events;

-- case: carts that nobody has touched are closed, with their holds
update cart.carts
set expires_at = clock_timestamp() - interval '1 second'
where session_token <> 't';
select results_eq(
    'select r.lines, r.error from cart.cleanup_expired_carts() as r order by r.cart_id',
    'values (2, null::text), (0, null)'
);
select results_eq(
    'select c.status, c.session_token from cart.carts as c order by c.cart_id',
    $$values ('expired', null::text), ('active', 't'), ('expired', null)$$
);
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$values ('RED', 'session:s', 'released', 4), ('POT', 'session:s', 'released', 2)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 10::bigint), ('BLUE', 10), ('POT', 3)$$
);
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e where e.aggregate_type = 'cart'
    $$,
    $$values ('cart.expired', 4::bigint), ('cart.expired', 3)$$
);
select results_eq(
    $$select a.value from cart.cart_activities as a where a.kind = 'abandoned'$$,
    'values (78.0000::numeric(19, 4))',
    'an empty cart was not abandoned'
);
select is_empty('select * from cart.cleanup_expired_carts()', 'all are closed');
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant not like '%_events'$$
);

-- case: in batches, the longest expired first
update cart.carts set expires_at = clock_timestamp() - make_interval(secs => cart_id);
select is(count(*), 2::bigint) from cart.cleanup_expired_carts(2);
select is(count(*), 1::bigint) from cart.cleanup_expired_carts(2);

-- case: a broken cart harms no other
update cart.carts set expires_at = clock_timestamp() - interval '1 second';
alter table cart.cart_activities
add constraint broken check (kind <> 'abandoned') not valid;
select results_eq(
    'select r.lines, left(r.error, 5) from cart.cleanup_expired_carts() as r order by r.cart_id',
    $$values (0, '23514'), (0, '23514'), (0, null)$$
);
select bag_eq(
    'select c.status from cart.carts as c', $$values ('active'), ('active'), ('expired')$$
);

-- case: nor does one that holds stock which is broken
update cart.carts set expires_at = clock_timestamp() - interval '1 second';
update inventory.inventory set bucket_count = 2 where variant_id = pg_temp.variant('POT');
select results_eq(
    'select r.lines, left(r.error, 5) from cart.cleanup_expired_carts() as r order by r.cart_id',
    $$values (0, 'P0002'), (1, null), (0, null)$$
);
select bag_eq(
    'select c.status from cart.carts as c', $$values ('active'), ('expired'), ('expired')$$
);

-- case: malformed limits are refused
select throws_ok(
    format('select cart.cleanup_expired_carts(%L)', b.units), '22023', null,
    coalesce(b.units::text, 'null')
)
from (values (0), (-1), (100001), (null)) as b (units);
