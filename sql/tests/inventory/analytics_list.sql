-- case: days on which something moved are listed
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
select is_empty('table inventory.analytics_list', 'not built yet');
select inventory.rebuild_analytics();
select results_eq(
    $$
    select a.sku, a.opening, a.received, a.sold, a.closing, a.stockout_minutes, a.turnover
    from inventory.analytics_list as a
    $$,
    $$values ('MUG', 0::bigint, 10::bigint, 0::bigint, 10::bigint, 0, 0::numeric)$$
);
