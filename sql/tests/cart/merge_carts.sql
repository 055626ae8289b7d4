-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: where the user has no cart, the guest's becomes the user's
create temporary table before as select c.public_id from cart.carts as c;
select results_eq(
    $$
    select r.cart_id = b.public_id, r.version, r.moved_lines, r.lines, r.units
    from pg_temp.ann as a
    cross join pg_temp.before as b
    cross join lateral cart.merge_carts('s', a.user_id) as r
    $$,
    'values (true, 3::bigint, 2, 2, 6::bigint)'
);
select results_eq(
    'select c.user_id, c.session_token, c.status from cart.carts as c',
    $$select a.user_id, null::text, 'active' from pg_temp.ann as a$$
);
select results_eq(
    $$select e.event_type, e.aggregate_seq, e.payload ->> 'cause' from events.outbox_events as e$$,
    $$values ('cart.updated', 3::bigint, 'move')$$
);

-- case: otherwise lines are added up, and nothing is lost
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 8, 'EUR');
select cart.add_item_to_cart(pg_temp.ann(), 'BLUE', 1, 'EUR');
delete from events.outbox_events;
select results_eq(
    $$
    select r.version, r.moved_lines, r.lines, r.units
    from pg_temp.ann as a
    cross join lateral cart.merge_carts('s', a.user_id) as r
    $$,
    'values (3::bigint, 2, 3, 15::bigint)'
);
select bag_eq(
    $$
    select l.sku, l.quantity, l.cart_status
    from cart.cart_item_list as l
    inner join cart.cart_list as c on c.cart_id = l.cart_id
    where c.user_id is not null
    $$,
    $$values ('RED', 12, 'active'), ('BLUE', 1, 'active'), ('POT', 2, 'active')$$
);
select results_eq(
    $$
    select c.status, c.session_token, m.user_id is not null
    from cart.carts as c
    inner join cart.carts as m on m.cart_id = c.merged_into
    $$,
    $$values ('merged', null::text, true)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload ->> 'cause'
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$values ('cart.merged', 3::bigint, null), ('cart.updated', 3, 'merge')$$
);
select results_eq(
    $$select v.sku, v.problem, v.repaired_quantity from cart.validate_cart(pg_temp.ann()) as v$$,
    $$values ('RED', 'INSUFFICIENT_STOCK', 10)$$,
    'what is too much is told'
);
select is(a.kind, 'merge')
from cart.cart_activities as a
where a.owner = pg_temp.ann() and a.kind not in ('add');

-- case: holds go along
select cart.reserve_cart('session:s');
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR');
select cart.reserve_cart(pg_temp.ann());
select cart.merge_carts('s', a.user_id) from pg_temp.ann as a;
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$
    values
    ('RED', pg_temp.ann(), 'active', 1), ('RED', pg_temp.ann(), 'active', 4),
    ('POT', pg_temp.ann(), 'active', 2)
    $$
);
select is_empty($$select * from cart.validate_cart(pg_temp.ann())$$);
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant not like '%_events'$$
);

-- case: a hold that the user has no slot for is released
select cart.reserve_cart('session:s');
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR');
select cart.reserve_cart(pg_temp.ann());
select core.set_business_rule('cart_holds_max', 1, 1);
select cart.merge_carts('s', a.user_id) from pg_temp.ann as a;
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$
    values
    ('RED', pg_temp.ann(), 'active', 1), ('RED', 'session:s', 'released', 4),
    ('POT', pg_temp.ann(), 'active', 2)
    $$
);
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant not like '%_events'$$
);

-- case: in another currency prices are those in force there
select product.set_price('RED', 'GBP', 6, 0);
select product.set_price('BLUE', 'GBP', 7, 0);
select cart.add_item_to_cart(pg_temp.ann(), 'BLUE', 1, 'GBP');
select cart.merge_carts('s', a.user_id) from pg_temp.ann as a;
select bag_eq(
    $$
    select l.sku, l.price_seen, l.currency
    from cart.cart_item_list as l
    where l.cart_status = 'active'
    $$,
    $$values ('RED', 6.0000::numeric(19, 4), 'GBP'), ('BLUE', 7, 'GBP'), ('POT', null, 'GBP')$$
);

-- case: an empty cart takes the currency of what comes
select product.set_price('RED', 'GBP', 6, 0);
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'GBP');
select cart.clear_cart(pg_temp.ann());
select cart.merge_carts('s', a.user_id) from pg_temp.ann as a;
select results_eq(
    $$select c.currency, c.units from cart.cart_list as c where c.status = 'active'$$,
    $$values ('EUR', 6::bigint)$$
);

-- case: a session without a cart, and one whose cart has expired, are no error
select results_eq(
    $$
    select r.cart_id, r.version, r.moved_lines, r.lines
    from pg_temp.ann as a
    cross join lateral cart.merge_carts('nobody', a.user_id) as r
    $$,
    'values (null::uuid, null::bigint, 0, 0)'
);
update cart.carts set expires_at = clock_timestamp();
select is(r.moved_lines, 0)
from pg_temp.ann as a
cross join lateral cart.merge_carts('s', a.user_id) as r;

-- case: refusals
select throws_ok($$select cart.merge_carts('s', 999999999)$$, 'SHA03', null);
select throws_ok($$select cart.merge_carts('s', null)$$, '22023', null);
select throws_ok($$select cart.merge_carts('', 1)$$, '22023', null);
select throws_ok($$select cart.merge_carts(null, 1)$$, '22023', null);
select account.set_user_status(a.user_id, 'suspended', 1) from pg_temp.ann as a;
select throws_ok(
    format('select cart.merge_carts(%L, %s)', 's', a.user_id), 'SHA04', null
)
from pg_temp.ann as a;

-- case: the same key gets the stored answer, and no key keeps a session
select cart.merge_carts('s', a.user_id, 'k') from pg_temp.ann as a;
select is(r.moved_lines, 2)
from pg_temp.ann as a
cross join lateral cart.merge_carts('s', a.user_id, 'k') as r;
select throws_ok(
    format('select cart.merge_carts(%L, %s, %L)', 't', a.user_id, 'k'), 'SHC01', null
)
from pg_temp.ann as a;
