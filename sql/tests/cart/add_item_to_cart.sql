-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
delete from events.outbox_events;

-- case: the first addition opens the cart, the next adds up
select results_eq(
    $$
    select r.version, r.sku, r.quantity, r.price, r.currency
    from cart.add_item_to_cart('session:s', 'RED', 2, 'EUR') as r
    $$,
    $$values (1::bigint, 'RED', 2, 7.5, 'EUR')$$
);
select results_eq(
    $$
    select r.cart_id = c.public_id, r.version, r.quantity
    from cart.carts as c
    cross join cart.add_item_to_cart('session:s', 'RED', 3, 'EUR') as r
    $$,
    'values (true, 2::bigint, 5)'
);
select results_eq(
    $$
    select
        c.user_id, c.session_token, c.status, c.version, c.updated_by,
        c.expires_at - c.updated_at
        between interval '29 days 23:59:59' and interval '30 days 00:00:01'
    from cart.carts as c
    $$,
    $$values (null::bigint, 's', 'active', 2::bigint, 'web', true)$$
);
select results_eq(
    'select i.quantity, i.name_seen, i.price_seen, i.updated_by from cart.cart_items as i',
    $$values (5, 'Red mug', 7.5000::numeric(19, 4), 'web')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'public_id', e.actor
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    select
        'cart.updated', 'cart', v.version, jsonb_build_object(
            'cart_id', c.cart_id, 'version', v.version, 'cause', 'add',
            'items', jsonb_build_array(jsonb_build_object(
                'variant_id', pg_temp.variant('RED'), 'sku', 'RED', 'quantity', v.quantity
            ))
        ),
        'web'
    from cart.carts as c
    cross join (values (1::bigint, 2), (2, 5)) as v (version, quantity)
    order by v.version
    $$,
    'an event each, without the session'
);
select results_eq(
    $$
    select a.kind, a.currency, a.value, a.owner ~ '^session:[0-9a-f]{64}$'
    from cart.cart_activities as a
    order by a.activity_id
    $$,
    $$values ('add', 'EUR', 15.0000::numeric(19, 4), true), ('add', 'EUR', 22.5, true)$$
);

-- case: users and sessions, each with a cart of their own
select cart.add_item_to_cart('session:' || repeat('安', 200), 'RED', 1, 'EUR');
select cart.add_item_to_cart('session:s', 'RED', 2, 'EUR');
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 3, 'EUR');
select is(count(*), 3::bigint) from cart.carts;

-- case: what cannot be had is refused with what can
select cart.add_item_to_cart('session:s', 'POT', 1, 'EUR');
delete from events.outbox_events;
select throws_ok($$select cart.add_item_to_cart('session:s', 'POT', 3, 'EUR')$$, 'SHI01', null);
select is(
    detail_of($$select cart.add_item_to_cart('session:s', 'POT', 3, 'EUR')$$),
    '{
        "error": "INSUFFICIENT_STOCK",
        "shortages": [{"sku": "POT", "requested": 4, "available": 3}]
    }'::jsonb
);
select results_eq('select i.quantity from cart.cart_items as i', 'values (1)', 'as it was');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what others hold cannot be had, what the owner holds can
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 2}]', 'session:s');
select throws_ok($$select cart.add_item_to_cart('session:t', 'POT', 2, 'EUR')$$, 'SHI01', null);
select lives_ok($$select cart.add_item_to_cart('session:s', 'POT', 3, 'EUR')$$);

-- case: a line, a user and a cart have limits
select core.set_business_rule('cart_line_units_max', 4, 1);
select throws_ok($$select cart.add_item_to_cart('session:s', 'RED', 5, 'EUR')$$, 'SHK03', null);
select is(
    detail_of($$select cart.add_item_to_cart('session:s', 'RED', 5, 'EUR')$$),
    '{
        "error": "CART_LIMIT_EXCEEDED", "sku": "RED", "requested": 5, "limit": 4, "of": "units"
    }'::jsonb
);
select core.set_business_rule('cart_user_units_max', 3, 1, null, true);
select throws_ok(
    $$select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR')$$, 'SHK03', null, 'user'
);
select cart.set_variant_limit('RED', 2, 0);
select throws_ok(
    $$select cart.add_item_to_cart('session:s', 'RED', 3, 'EUR')$$, 'SHK03', null, 'of the variant'
);
select cart.set_variant_limit('RED', null, 1);
select lives_ok($$select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR')$$, 'none for it');
select core.set_business_rule('cart_lines_max', 1, 1);
select throws_ok(
    $$select cart.add_item_to_cart('session:s', 'BLUE', 1, 'EUR')$$, 'SHK03', null, 'lines'
);

-- case: rules that are off limit nothing but what a line can hold
select core.set_business_rule('cart_line_units_max', 0, 1, null, false);
select core.set_business_rule('cart_lines_max', 0, 1, null, false);
select core.set_business_rule('cart_days', 0, 1, null, false);
select throws_ok(
    $$select cart.add_item_to_cart('session:s', 'RED', 999999999, 'EUR')$$, 'SHI01', null
);
select cart.add_item_to_cart('session:s', 'RED', 1, 'EUR');
select throws_ok(
    $$select cart.add_item_to_cart('session:s', 'RED', 999999999, 'EUR')$$, 'SHK03', null
);
select is(c.expires_at, 'infinity') from cart.carts as c;

-- case: a cart has one currency, and needs a price in it
select product.set_price('RED', 'JPY', 1200, 0);
select cart.add_item_to_cart('session:j', 'RED', 2, 'JPY');
select throws_ok($$select cart.add_item_to_cart('session:j', 'RED', 1, 'EUR')$$, 'SHK04', null);
select throws_ok($$select cart.add_item_to_cart('session:j', 'POT', 1, 'JPY')$$, 'SHK07', null);
select throws_ok(
    format('select cart.add_item_to_cart(%L, %L, 1, %L)', 'session:j', 'RED', b.currency), 'SHC04',
    null, coalesce(b.currency, 'null')
)
from (values ('XXX'), ('eur'), (''), (null)) as b (currency);

-- case: what is not for sale is refused
select product.import_products('[{"sku": "OLD", "name": "Old", "price": 1, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "OLD", "quantity": 10}]');
update product.products set status = 'archived' where code = 'OLD';
select throws_ok($$select cart.add_item_to_cart('session:s', 'OLD', 1, 'EUR')$$, 'SHP02', null);
update product.products set status = 'active' where code = 'OLD';
update product.variants set is_active = false where sku = 'OLD';
select throws_ok($$select cart.add_item_to_cart('session:s', 'OLD', 1, 'EUR')$$, 'SHP02', null);
select throws_ok(
    format('select cart.add_item_to_cart(%L, %L, 1, %L)', 'session:s', b.sku, 'EUR'), 'SHP01',
    null, coalesce(b.sku, 'null')
)
from (values ('NONE'), ('red'), (''), (null)) as b (sku);

-- case: malformed arguments are refused
select throws_ok(
    format('select cart.add_item_to_cart(%L, %L, %L, %L)', 'session:s', 'RED', b.quantity, 'EUR'),
    '22023', null, coalesce(b.quantity::text, 'null')
)
from (values (0), (-1), (null), (1000000000)) as b (quantity);
select throws_ok(
    format('select cart.add_item_to_cart(%L, %L, 1, %L)', b.owner, 'RED', 'EUR'), '22023', null,
    coalesce(left(b.owner, 20), 'null')
)
from (
    values
    (null), (''), ('s'), ('session:'), ('user:'), ('user:0'), ('user:01'), ('user:a'),
    ('user:1.5'), ('order:1'), ('User:1'), ('session:' || repeat('s', 201))
) as b (owner);
select is_empty('table cart.carts', 'nothing was written');

-- case: a user who may not buy is refused
select throws_ok(
    $$select cart.add_item_to_cart('user:999999999', 'RED', 1, 'EUR')$$, 'SHA03', null
);
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR');
select account.set_user_status(a.user_id, 'suspended', 1) from pg_temp.ann as a;
select throws_ok($$select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR')$$, 'SHA04', null);

-- case: past its expiry a cart is nobody's
select cart.add_item_to_cart('session:s', 'RED', 1, 'EUR');
update cart.carts set expires_at = clock_timestamp();
select is(r.quantity, 2) from cart.add_item_to_cart('session:s', 'RED', 2, 'EUR') as r;
select results_eq(
    'select c.status, c.session_token, c.version from cart.carts as c order by c.cart_id',
    $$values ('expired', null::text, 2::bigint), ('active', 's', 1)$$
);

-- case: the same key and request get the stored answer, another request is refused
select cart.add_item_to_cart('session:s', 'RED', 2, 'EUR', 'k');
select is(r.quantity, 2) from cart.add_item_to_cart('session:s', 'RED', 2, 'EUR', 'k') as r;
select results_eq('select i.quantity from cart.cart_items as i', 'values (2)');
select throws_ok(
    $$select cart.add_item_to_cart('session:s', 'RED', 3, 'EUR', 'k')$$, 'SHC01', null
);
select lives_ok(
    $$select cart.add_item_to_cart('session:t', 'RED', 3, 'EUR', 'k')$$, 'the key of another owner'
);
