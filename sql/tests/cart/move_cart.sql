-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: a session gets a new token
select results_eq(
    $$
    select r.version, r.moved_lines, r.lines, r.units from cart.move_cart('s', 't') as r
    $$,
    'values (3::bigint, 2, 2, 6::bigint)'
);
select results_eq(
    'select c.session_token, c.status from cart.carts as c', $$values ('t', 'active')$$
);
select is(count(*), 0::bigint) from cart.cart_activities as a where a.kind = 'merge';

-- case: what the other session has stays
select cart.add_item_to_cart('session:t', 'RED', 1, 'EUR');
select results_eq(
    $$select r.moved_lines, r.lines, r.units from cart.move_cart('s', 't') as r$$,
    'values (2, 2, 7::bigint)'
);
select is(cart.get_cart('session:s') -> 'lines', '[]'::jsonb);

-- case: holds go along
select cart.reserve_cart('session:s');
select cart.move_cart('s', 't');
select bag_eq(
    $$
    select s.sku, r.owner, r.status, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as s on s.variant_id = r.variant_id
    $$,
    $$values ('RED', 'session:t', 'active', 4), ('POT', 'session:t', 'active', 2)$$
);
select is_empty(
    $$select * from ops.check_invariants() as i where i.invariant not like '%_events'$$
);

-- case: refusals and keys
select throws_ok($$select cart.move_cart('s', 's')$$, '22023', null, 'itself');
select throws_ok($$select cart.move_cart('s', null)$$, '22023', null, 'null');
select throws_ok($$select cart.move_cart('', 't')$$, '22023', null, 'empty');
select cart.move_cart('s', 't', 'k');
select is(r.moved_lines, 2) from cart.move_cart('s', 't', 'k') as r;
select throws_ok($$select cart.move_cart('x', 't', 'k')$$, 'SHC01', null);
