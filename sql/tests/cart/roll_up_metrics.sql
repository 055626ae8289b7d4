-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
delete from events.outbox_events;

-- case: activities are counted once, by owner, day and currency
select product.set_price('RED', 'GBP', 6, 0);
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 2, 'EUR');
select cart.add_item_to_cart(pg_temp.ann(), 'POT', 1, 'EUR');
select cart.update_item_quantity(pg_temp.ann(), 'RED', 1);
select cart.remove_item_from_cart(pg_temp.ann(), 'POT');
select cart.add_item_to_cart('session:s', 'RED', 1, 'GBP');
select cart.merge_carts('s', a.user_id) from pg_temp.ann as a;
select results_eq(
    'select r.activities, r.metrics, r.deleted from cart.roll_up_metrics() as r',
    'values (6::bigint, 2::bigint, 0::bigint)'
);
select results_eq(
    $$
    select
        m.day, m.currency, m.adds, m.removals, m.quantity_changes, m.merged, m.abandoned,
        m.converted, m.added_value
    from cart.cart_metrics as m
    where m.owner = pg_temp.ann()
    $$,
    $$
    values (
        (clock_timestamp() at time zone 'UTC')::date, 'EUR', 2::bigint, 1::bigint, 1::bigint,
        1::bigint, 0::bigint, 0::bigint, 39.0000::numeric(19, 4)
    )
    $$
);
select is_empty('table cart.cart_activities', 'counted');
select is(r.activities, 0::bigint) from cart.roll_up_metrics() as r;
select cart.add_item_to_cart(pg_temp.ann(), 'BLUE', 1, 'EUR');
update cart.carts set expires_at = clock_timestamp() where status = 'active';
select cart.cleanup_expired_carts();
select cart.roll_up_metrics();
select results_eq(
    $$
    select m.adds, m.abandoned, m.added_value, m.abandoned_value
    from cart.cart_metrics as m
    where m.owner = pg_temp.ann()
    $$,
    'values (3::bigint, 1::bigint, 47.2500::numeric(19, 4), 23.25)'
);

-- case: in batches
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR') from generate_series(1, 3);
select is(r.activities, 2::bigint) from cart.roll_up_metrics(2) as r;
select is(r.activities, 1::bigint) from cart.roll_up_metrics(2) as r;
select is(m.adds, 3::bigint) from cart.cart_metrics as m;

-- case: old days are forgotten, unless the rule is off
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR');
update cart.cart_activities set created_at = created_at - interval '91 days';
select core.set_business_rule('cart_metric_days', 90, 1, null, false);
select is(r.deleted, 0::bigint) from cart.roll_up_metrics() as r;
select core.set_business_rule('cart_metric_days', 91, 2, null, true);
select is(r.deleted, 0::bigint) from cart.roll_up_metrics() as r;
select core.set_business_rule('cart_metric_days', 90, 3);
select is(r.deleted, 1::bigint) from cart.roll_up_metrics() as r;

-- case: what is worth more than a column holds counts as the most
update core.business_rules set is_enabled = false where name = 'price_max';
select product.set_price('POT', 'EUR', 600000000000000, 1);
select cart.add_item_to_cart('session:w', 'POT', 2, 'EUR');
select cart.add_item_to_cart('session:w', 'POT', 1, 'EUR');
select is(r.activities, 2::bigint) from cart.roll_up_metrics() as r;
select cart.remove_item_from_cart('session:w', 'POT');
select cart.add_item_to_cart('session:w', 'POT', 1, 'EUR');
select lives_ok('select cart.roll_up_metrics()');
select results_eq(
    'select m.added_value from cart.cart_metrics as m where m.adds = 3',
    'values (999999999999999.0000::numeric(19, 4))'
);

-- case: malformed limits are refused
select throws_ok(
    format('select cart.roll_up_metrics(%L)', b.units), '22023', null,
    coalesce(b.units::text, 'null')
)
from (values (0), (-1), (10000001), (null)) as b (units);
