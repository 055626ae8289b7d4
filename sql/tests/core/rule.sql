-- setup: yen have a limit of their own, dollars have none
select core.set_business_rule('price_max', 900000, 0, 'JPY');
select core.set_business_rule('price_max', 1, 0, 'USD', false);

-- case: the general value holds where a currency has none of its own
select is(core.rule('price_max'), 100000, 'without a currency');
select is(core.rule('price_max', 'EUR'), 100000, 'for a currency without a row');

-- case: the row of a currency goes before the general one, also when it is off
select is(core.rule('price_max', 'JPY'), 900000, 'its own value');
select is(core.rule('price_max', 'USD'), null, 'no limit in dollars');

-- case: an unknown name is refused
select throws_ok(
    format('select core.rule(%L)', b.name), 'SHC03', null, coalesce(b.name, 'null')
)
from (values ('no_such_rule'), (''), (null)) as b (name);

-- case: every rule that ships has the default of the design
select set_eq(
    'select r.name, r.value::float8, r.is_enabled from core.rules as r where r.currency is null',
    $$
    values
    ('order_total_min', 10::float8, true),
    ('order_total_max', 10000, true),
    ('order_lines_max', 50, true),
    ('order_units_max', 50, false),
    ('pending_order_minutes', 30, true),
    ('pending_orders_max', 5, true),
    ('cart_days', 30, true),
    ('cart_hold_minutes', 5, true),
    ('cart_holds_max', 5, true),
    ('reservation_items_max', 1000, true),
    ('bulk_items_max', 10000, true),
    ('on_hand_max', 10000, true),
    ('min_stock_level', 5, true),
    ('price_max', 100000, true),
    ('abc_a_percent', 80, true),
    ('abc_b_percent', 95, true),
    ('authorization_days', 7, true),
    ('cart_line_units_max', 50, true),
    ('cart_lines_max', 50, true),
    ('cart_lock_seconds', 30, true),
    ('cart_metric_days', 90, true),
    ('cart_user_units_max', 50, false),
    ('category_depth_max', 20, true),
    ('dispute_alert_days', 3, true),
    ('dispute_evidence_days', 7, true),
    ('login_failures_max', 10, true),
    ('login_lock_minutes', 15, true),
    ('overstock_level', 1000, false),
    ('payment_attempts_max', 5, true),
    ('payment_claim_minutes', 15, true),
    ('payment_methods_max', 20, true),
    ('product_images_max', 50, true),
    ('product_option_values_max', 200, true),
    ('product_options_max', 5, true),
    ('product_specifications_max', 200, true),
    ('product_suppliers_max', 50, true),
    ('product_tags_max', 50, true),
    ('products_per_call_max', 100, true),
    ('provider_event_days', 30, true),
    ('provider_event_retry_minutes', 5, true),
    ('provider_event_tries_max', 20, true),
    ('reorder_cover_days', 30, true),
    ('reorder_demand_days', 90, true),
    ('search_page_max', 100, true),
    ('search_suggest_below', 3, true),
    ('search_total_max', 1000, true),
    ('supplier_rating_days', 365, true),
    ('user_addresses_max', 50, true)
    $$
);
