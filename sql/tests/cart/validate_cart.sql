-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: nothing is wrong
select is_empty($$select * from cart.validate_cart('session:s')$$);

-- case: everything that is wrong is told at once
select cart.add_item_to_cart('session:s', 'BLUE', 5, 'EUR');
select product.import_products('[
    {"sku": "OLD", "name": "Old", "price": 1, "currency": "EUR"},
    {"sku": "GONE", "name": "Gone", "price": 1, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "OLD", "quantity": 9}, {"sku": "GONE", "quantity": 2}]');
select cart.add_item_to_cart('session:s', 'OLD', 1, 'EUR');
select cart.add_item_to_cart('session:s', 'GONE', 2, 'EUR');
update product.products set status = 'archived' where code = 'OLD';
select inventory.reserve_inventory(
    '[{"sku": "GONE", "quantity": 2}, {"sku": "POT", "quantity": 2}]', 'session:other'
);
select product.set_price('POT', 'EUR', 25, 1);
select cart.set_variant_limit('BLUE', 3, 0);
select results_eq(
    $$
    select v.sku, v.problem, v.quantity, v.repaired_quantity, v.detail
    from cart.validate_cart('session:s') as v
    $$,
    $$
    values
    (
        'POT', 'INSUFFICIENT_STOCK', 2, 1, '{"requested": 2, "available": 1}'::jsonb
    ),
    ('POT', 'PRICE_CHANGED', 2, 1, '{"price": 25.0000, "price_seen": 24.0000}'),
    ('BLUE', 'CART_LIMIT_EXCEEDED', 5, 3, '{"requested": 5, "limit": 3, "of": "units"}'),
    ('OLD', 'PRODUCT_NOT_ACTIVE', 1, 0, '{}'),
    ('GONE', 'INSUFFICIENT_STOCK', 2, 0, '{"requested": 2, "available": 0}')
    $$
);

-- case: too many lines
select core.set_business_rule('cart_lines_max', 1, 1);
select results_eq(
    $$
    select v.sku, v.problem, v.repaired_quantity, v.detail
    from cart.validate_cart('session:s') as v
    $$,
    $$
    values (
        'POT', 'CART_LIMIT_EXCEEDED', 0, '{"requested": 2, "limit": 1, "of": "lines"}'::jsonb
    )
    $$
);

-- case: holds of the owner are there for the owner
select cart.reserve_cart('session:s');
select is_empty($$select * from cart.validate_cart('session:s')$$);

-- case: an empty cart and none
select results_eq(
    $$select v.sku, v.problem, v.detail from cart.validate_cart('session:x') as v$$,
    $$values (null::text, 'CART_EMPTY', '{}'::jsonb)$$
);
select cart.clear_cart('session:s');
select is(v.problem, 'CART_EMPTY') from cart.validate_cart('session:s') as v;

-- case: malformed owners are refused
select throws_ok(format('select cart.validate_cart(%L)', b.owner), '22023', null, b.owner)
from (values (''), ('s'), ('user:x'), (null)) as b (owner);
