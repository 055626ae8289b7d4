-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
select cart.add_item_to_cart('session:s', 'RED', 4, 'EUR');
select cart.add_item_to_cart('session:s', 'POT', 2, 'EUR');
delete from events.outbox_events;

-- case: everything that the page shows
insert into product.product_images (product_id, image_no, url, alt, position, is_primary)
select
    p.product_id, v.number as image_no, v.url, 'A mug', v.number as position, v.number = 2
from product.products as p
cross join (values (1, '/side.jpg'), (2, '/front.jpg')) as v (number, url)
where p.code = 'RED';
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 3}]', 'session:s');
select is(
    cart.get_cart('session:s') #> '{lines,0}' #- '{product,product_id}',
    '{
        "line": 1, "sku": "RED", "name": "Red mug", "product": {"code": "RED", "name": "Red mug"},
        "image": {"url": "/front.jpg", "alt": "A mug"}, "quantity": 4, "price_seen": 7.5000,
        "price": 7.5000, "price_list": "base", "base_price": 7.5000, "price_valid_until": null,
        "line_total": 30.00, "available": 10, "held": 3, "max_quantity": 10, "problems": []
    }'::jsonb
);
select is(
    cart.get_cart('session:s') -> 'totals',
    '{
        "lines": 2, "units": 6, "subtotal": 78.00, "base_subtotal": 78.00, "subtotal_seen": 78.00
    }'::jsonb
);
select results_eq(
    $$
    select
        (g.page ->> 'cart_id')::uuid = c.public_id, (g.page ->> 'version')::bigint,
        g.page ->> 'currency', (g.page ->> 'expires_at')::timestamptz = c.expires_at,
        (g.page ->> 'is_valid')::boolean
    from cart.carts as c
    cross join cart.get_cart('session:s') as g (page)
    $$,
    $$values (true, 2::bigint, 'EUR', true, true)$$
);

-- case: the price seen and the price now
select product.set_price('RED', 'EUR', 9, 1);
select results_eq(
    $$
    select
        g.page #>> '{lines,0,price_seen}', g.page #>> '{lines,0,price}', g.page ->> 'is_valid',
        g.page #> '{lines,0,problems}', g.page #>> '{totals,subtotal}',
        g.page #>> '{totals,subtotal_seen}'
    from cart.get_cart('session:s') as g (page)
    $$,
    $$
    values (
        '7.5000', '9.0000', 'false',
        '[{"problem": "PRICE_CHANGED", "price_seen": 7.5000, "price": 9.0000}]'::jsonb,
        '84.00', '78.00'
    )
    $$
);

-- case: the prices of the user's group
select product.create_price_list('trade', 'Trade', 10, 'trade');
select product.schedule_price('RED', 'EUR', 5, p_price_list => 'trade');
select account.set_customer_group(a.user_id, 'trade', 1) from pg_temp.ann as a;
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 2, 'EUR');
select results_eq(
    $$
    select
        g.page #>> '{lines,0,price}', g.page #>> '{lines,0,price_list}',
        g.page #>> '{lines,0,base_price}', g.page #>> '{totals,subtotal}',
        g.page #>> '{totals,base_subtotal}'
    from cart.get_cart(pg_temp.ann()) as g (page)
    $$,
    $$values ('5.0000', 'trade', '7.5000', '10.00', '15.00')$$
);
select is(cart.get_cart('session:s') #>> '{lines,0,price}', '7.5000', 'not a guest''s');

-- case: rounded on the line, to the digits of the currency
select product.set_price('RED', 'BHD', 1.005, 0);
select product.set_price('RED', 'JPY', 333, 0);
select cart.add_item_to_cart('session:b', 'RED', 3, 'BHD');
select cart.add_item_to_cart('session:j', 'RED', 3, 'JPY');
select is(cart.get_cart('session:b') #>> '{totals,subtotal}', '3.015');
select is(cart.get_cart('session:j') #>> '{totals,subtotal}', '999');

-- case: what no longer sells has neither product nor price, but the name it was chosen by
update product.products set status = 'archived', name = 'Secret' where code = 'RED';
update product.variants set name = 'Secret' where sku = 'RED';
select results_eq(
    $$
    select
        l.line ->> 'name', l.line -> 'product', l.line -> 'price', l.line -> 'image',
        l.line -> 'problems'
    from (select cart.get_cart('session:s') #> '{lines,0}' as line) as l
    $$,
    $$
    values (
        'Red mug', 'null'::jsonb, 'null'::jsonb, 'null'::jsonb,
        '[{"problem": "PRODUCT_NOT_ACTIVE"}]'::jsonb
    )
    $$
);
select unalike(cart.get_cart('session:s')::text, '%Secret%');
select is(cart.get_cart('session:s') #>> '{totals,subtotal}', '48.00', 'the teapots');

-- case: no cart, and an expired one, are empty
select is(cart.get_cart('session:x'), '{
    "cart_id": null, "version": 0, "currency": null, "updated_at": null, "expires_at": null,
    "is_valid": false, "lines": [],
    "totals": {
        "lines": 0, "units": 0, "subtotal": 0, "base_subtotal": 0, "subtotal_seen": 0
    }
}'::jsonb);
update cart.carts set expires_at = clock_timestamp();
select is(cart.get_cart('session:s') -> 'version', '0'::jsonb, 'expired');

-- case: the session is not shown
select cart.add_item_to_cart('session:hushhush', 'RED', 1, 'EUR');
select unalike(cart.get_cart('session:hushhush')::text, '%hushhush%');

-- case: malformed owners are refused
select throws_ok(
    format('select cart.get_cart(%L)', b.owner), '22023', null, coalesce(b.owner, 'null')
)
from (values (null), (''), ('s'), ('session:'), ('user:x'), ('order:1')) as b (owner);
