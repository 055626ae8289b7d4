-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();
create function pg_temp.told(p_owner text, p_currency text, p_items jsonb, p_details jsonb)
returns text
language sql
as $$
select string_agg(r.rule || ' ' || r.error_code, ', ')
from orders.validate_order_business_rules(p_owner, p_currency, p_items, p_details) as r
$$;

-- case: nothing where it can be placed, and nothing is written
select is_empty(
    $$select orders.validate_order_business_rules(
        'session:s', 'EUR', '[{"sku": "POT", "quantity": 1, "expected_price": 24}]',
        '{"expected_total": 24}'
    )$$
);
select cart.add_item_to_cart(pg_temp.ann(), 'POT', 1, 'EUR');
select is_empty('select orders.validate_order_business_rules(pg_temp.ann())');
select is(count(o.order_id), 0::bigint) from orders.orders as o;

-- case: every broken rule at once, with its values
update core.business_rules
set value = 1
where name in ('order_lines_max', 'order_total_max');
update core.business_rules
set value = 3, is_enabled = true
where name in ('order_units_max', 'cart_user_units_max');
update core.business_rules
set value = 0
where name in ('pending_orders_max');
select is(
    pg_temp.told(
        pg_temp.ann(), 'EUR',
        '[{"sku": "POT", "quantity": 4, "expected_price": 23}, {"sku": "RED", "quantity": 1}]', null
    ),
    'price_unchanged PRICE_CHANGED, order_lines_max ORDER_TOO_LARGE, '
    || 'order_units_max ORDER_TOO_LARGE, cart_user_units_max UNITS_PER_USER_EXCEEDED, '
    || 'order_total_max ORDER_TOTAL_OUT_OF_RANGE, '
    || 'pending_orders_max PENDING_ORDER_LIMIT_REACHED, stock_available INSUFFICIENT_STOCK'
);
select results_eq(
    $$
    select r.rule, r.message, r.detail
    from orders.validate_order_business_rules(
        'session:s', 'EUR', '[{"sku": "RED", "quantity": 5}]'
    ) as r
    $$,
    $$
    values
    (
        'order_units_max', 'more lines or units than an order may have',
        '{"of": "units", "requested": 5, "limit": 3}'::jsonb
    ),
    (
        'order_total_max', 'the order is worth too little or too much',
        '{"total": 37.5000, "max": 1.0000, "currency": "EUR"}'
    )
    $$
);

-- case: products and prices
select is(
    pg_temp.told('session:s', 'EUR', '[{"sku": "NONE", "quantity": 1}]', null),
    'product_known PRODUCT_NOT_FOUND'
);
select is(
    pg_temp.told('session:s', 'USD', '[{"sku": "POT", "quantity": 1}]', null),
    'price_available PRICE_UNAVAILABLE'
);
update product.products
set status = 'archived'
where code = 'RED';
select is(
    pg_temp.told(
        'session:s', 'EUR', '[{"sku": "POT", "quantity": 1}, {"sku": "RED", "quantity": 1}]', null
    ),
    'product_active PRODUCT_NOT_ACTIVE'
);
select is(
    pg_temp.told(
        'session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]', '{"expected_total": 25}'
    ),
    'total_unchanged PRICE_CHANGED'
);
select is(
    pg_temp.told('session:s', 'EUR', '[{"sku": "Grün 茶", "quantity": 1}]', null),
    'order_total_min ORDER_TOTAL_OUT_OF_RANGE'
);
select is(
    pg_temp.told('session:s', 'EUR', '[{"sku": "POT", "quantity": 4}]', null),
    'stock_available INSUFFICIENT_STOCK'
);

-- case: what the owner holds is there for the owner
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 3}]', 'session:s');
select is(
    pg_temp.told('session:s', 'EUR', '[{"sku": "POT", "quantity": 3}]', null), null::text
);
select is(
    pg_temp.told('session:other', 'EUR', '[{"sku": "POT", "quantity": 1}]', null),
    'stock_available INSUFFICIENT_STOCK'
);

-- case: a user who may not buy, and a cart that is empty or not there
select is(
    pg_temp.told('session:s', null, null, null), 'order_lines_min CART_INVALID'
);
select cart.add_item_to_cart(pg_temp.ann(), 'POT', 1, 'EUR');
update account.users
set status = 'suspended';
select is(pg_temp.told(pg_temp.ann(), null, null, null), 'user_active USER_NOT_ACTIVE');

-- case: malformed arguments are named
select throws_ok(
    $$select orders.validate_order_business_rules('nobody', 'EUR', '[]')$$, '22023'
);
select throws_ok(
    $$select orders.validate_order_business_rules('user:99999', 'EUR', '[]')$$, 'SHA03'
);
select throws_ok(
    $$select orders.validate_order_business_rules('session:s', 'EUR', '[]')$$, '22023'
);
select throws_ok(
    $$select orders.validate_order_business_rules(
        'session:s', 'XXX', '[{"sku": "POT", "quantity": 1}]'
    )$$,
    'SHC04'
);
delete from core.business_rules
where name = 'order_lines_max';
select throws_ok(
    $$select orders.validate_order_business_rules(
        'session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]'
    )$$,
    'SHC03'
);
