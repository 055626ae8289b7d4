-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 2, 'EUR');
select cart.add_item_to_cart(pg_temp.ann(), 'POT', 1, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 1, 'EUR');

-- case: the cart becomes an order, once
select results_eq(
    'select r.status, r.currency, r.total from orders.place_cart_order(pg_temp.ann(), 2) as r',
    $$values ('pending', 'EUR', 39.0)$$
);
select results_eq(
    $$
    select o.source, c.status, c.closed_at is not null, i.sku, i.quantity
    from orders.orders as o
    inner join cart.carts as c on c.cart_id = o.cart_id
    inner join orders.order_items as i on i.order_id = o.order_id
    order by i.line_no
    $$,
    $$values ('cart', 'converted', true, 'RED', 2), ('cart', 'converted', true, 'POT', 1)$$
);
select throws_ok('select orders.place_cart_order(pg_temp.ann())', 'SHK01');
select is_empty('select i.* from ops.check_invariants() as i');
select is(count(a.activity_id), 1::bigint)
from cart.cart_activities as a
where a.kind = 'converted';

-- case: the same key answers the same
create temporary table answers as
select
    r.order_id, r.order_number, r.status, r.currency, r.total, r.expires_at, r.version
from orders.place_cart_order('session:s', null, null, 'k') as r;
select results_eq(
    $$select r.* from orders.place_cart_order('session:s', null, null, 'k') as r$$,
    'select a.* from pg_temp.answers as a'
);
select throws_ok($$select orders.place_cart_order('session:s', 2, null, 'k')$$, 'SHC01');
select results_eq(
    'select o.guest_owner from orders.orders as o',
    array['session:' || encode(sha256('s'), 'hex')]
);

-- case: the cart of another version is not ordered
select throws_ok('select orders.place_cart_order(pg_temp.ann(), 1)', 'SHC02');
select is(count(o.order_id), 0::bigint) from orders.orders as o;

-- case: what the cart holds becomes the order's
select cart.reserve_cart(pg_temp.ann());
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 2}]', 'session:faster');
select orders.place_cart_order(pg_temp.ann());
select bag_eq(
    $$
    select split_part(r.owner, ':', 1), v.sku, r.quantity,
        r.expires_at > clock_timestamp() + interval '29 minutes'
    from inventory.inventory_reservations as r
    inner join product.variants as v on v.variant_id = r.variant_id
    $$,
    $$values ('order', 'RED', 2, true), ('order', 'POT', 1, true), ('session', 'POT', 2, false)$$
);

-- case: a price that has changed since it was seen is refused with both
select product.set_price('POT', 'EUR', 26, 1);
select is(
    detail_of('select orders.place_cart_order(pg_temp.ann())'),
    '{
        "error": "PRICE_CHANGED", "rule": "price_unchanged",
        "prices": [{"line": 2, "sku": "POT", "expected_price": 24.0000, "price": 26.0000}]
    }'
);
select results_eq(
    'select c.status from cart.carts as c where c.user_id is not null', array['active'],
    'the cart is as it was'
);
select cart.repair_cart(pg_temp.ann(), 2);
select lives_ok('select orders.place_cart_order(pg_temp.ann())');

-- case: discounts and taxes of single lines
select orders.place_cart_order(
    pg_temp.ann(), null,
    '{
        "items": [{"sku": "POT", "taxes": []}, {"sku": "RED", "discounts": [
            {"code": "ONE", "amount": 1}
        ]}],
        "taxes": [{"name": "VAT", "rate": 0.2}]
    }'
);
select results_eq(
    'select i.line_discount, i.line_tax from orders.order_items as i order by i.line_no',
    'values (1.0, 2.8), (0.0, 0.0)'
);

-- case: an empty cart, and none
select throws_ok($$select orders.place_cart_order('session:none')$$, 'SHK01');
select cart.clear_cart('session:s');
select throws_ok($$select orders.place_cart_order('session:s')$$, 'SHK06');

-- case: too little stock is refused with what is short
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 3}]', 'session:faster');
select is(
    detail_of($$select orders.place_cart_order('session:s')$$),
    '{
        "error": "INSUFFICIENT_STOCK",
        "shortages": [{"sku": "POT", "requested": 1, "available": 0}]
    }'
);

-- case: malformed arguments are named
select throws_ok(
    format('select orders.place_cart_order(%L, null, %L)', a.owner, a.details), '22023', null,
    a.details
)
from (
    values
    ('nobody', null), ('session:s', '{"items": 7}'), ('session:s', '{"items": [{"sku": "NONE"}]}'),
    ('session:s', '{"items": [7]}'), ('session:s', '{"items": [{"sku": "POT", "quantity": 1}]}'),
    ('session:s', '{"items": [{"sku": "POT"}, {"sku": "POT"}]}'),
    ('session:s', '{"items": [{"sku": "POT", "taxes": 7}]}')
) as a (owner, details);

-- case: who is being taken out of the shop buys nothing any more
select account.anonymise_user(a.user_id)
from pg_temp.ann as a;
select throws_ok('select orders.place_cart_order(pg_temp.ann())', 'SHA04');
