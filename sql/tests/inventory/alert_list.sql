-- case: open and past alerts are listed
select product.import_products(
    '[{"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}]'
);
select inventory.receive_stock('[{"sku": "POT", "quantity": 3}]');
select inventory.refresh_alerts();
select inventory.receive_stock('[{"sku": "POT", "quantity": 3}]');
select results_eq(
    $$
    select a.sku, a.location, a.kind, a.is_open, a.threshold, a.observed, a.closed_observed
    from inventory.alert_list as a
    $$,
    $$values ('POT', 'MAIN', 'low_stock', true, 5, 3::bigint, null::bigint)$$
);
select inventory.refresh_alerts();
select results_eq(
    $$
    select a.is_open, a.closed_at >= a.opened_at, a.closed_observed
    from inventory.alert_list as a
    $$,
    'values (false, true, 6::bigint)'
);
