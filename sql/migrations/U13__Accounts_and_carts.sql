set local role shop_owner;

drop table cart.cart_metrics;
drop table cart.cart_activities;
drop table cart.cart_items;
drop table cart.carts;
drop table cart.variant_limits;
drop table account.credentials;
drop table account.addresses;
alter table account.users
drop constraint users_anonymized_is_nobody_check,
drop constraint users_anonymized_when_it_says_so_check,
drop constraint users_customer_group_is_a_code_check,
drop column anonymized_at,
drop column customer_group;
delete from core.business_rules
where name in (
    'user_addresses_max', 'login_failures_max', 'login_lock_minutes', 'cart_line_units_max',
    'cart_user_units_max', 'cart_lines_max', 'cart_lock_seconds', 'cart_metric_days'
);
drop schema cart;
