-- flow: a guest fills a cart, changes it, and signs in
select * from cart.add_item_to_cart('session:' || %(key)s, %(sku)s, 2, 'GBP', %(key)s);
select * from cart.add_item_to_cart('session:' || %(key)s, %(sku2)s, 1, 'GBP', 'b' || %(key)s);
select * from cart.update_item_quantity('session:' || %(key)s, %(sku)s, 3, %(version)s, %(key)s);
select * from cart.get_cart('session:' || %(key)s);
select * from cart.validate_cart('session:' || %(key)s);
select * from cart.reserve_cart('session:' || %(key)s, %(version)s, %(key)s);
select * from cart.remove_item_from_cart('session:' || %(key)s, %(sku2)s, null, %(key)s);
select * from cart.repair_cart('session:' || %(key)s, %(version)s, %(key)s);
select * from cart.set_currency('session:' || %(key)s, 'GBP', null, %(key)s);
select * from cart.move_cart(%(key)s, 'moved' || %(key)s, %(key)s);
select * from account.register_user('c' || %(key)s || '@example.com', 'New customer', null, %(key)s);
select * from cart.merge_carts('moved' || %(key)s, %(user_id)s, %(key)s);
select * from cart.clear_cart('user:' || %(user_id)s, null, %(key)s);

-- flow: a customer looks at the cart of last week
select * from cart.get_cart(%(owner)s);
select * from cart.validate_cart(%(owner)s);

-- flow: a variant is limited
select coalesce(max(l.version), 0) as version from cart.variant_limits as l
where l.variant_id = (select v.variant_id from product.variants as v where v.sku = %(sku)s);
select * from cart.set_variant_limit(%(sku)s, 100000, %(version)s, %(key)s);

-- flow: carts that nobody came back to
-- job
select * from cart.cleanup_expired_carts(100);

-- flow: what customers did with carts is added up
-- job
select * from cart.roll_up_metrics(1000);
