-- setup: a mug with two variants, one of which has stock
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{"name": "Mug"}');
select product.create_variant('MUG', '{"sku": "M-1", "name": "1"}', 1);
select product.create_variant('MUG', '{"sku": "M-2", "name": "2"}', 2);
select product.update_product('MUG', '{"images": [{"url": "/a.jpg", "sku": "M-1"}]}', 3);
select product.set_price('M-1', 'EUR', 7, 0);
select inventory.create_location('MAIN', 'Main', 1)
where not exists (select from inventory.location_list);
select inventory.receive_stock('[{"sku": "M-2", "quantity": 3}]');
delete from events.outbox_events;

-- case: what nothing refers to goes with its prices; its image stays
select results_eq(
    $$select d.sku, d.product_version from product.delete_variant('M-1', 1) as d$$,
    $$values ('M-1', 5::bigint)$$
);
select bag_eq('select v.sku from product.variants as v', array['M-2'], 'the other one is there');
select is_empty('table product.prices', 'its price is gone');
select is(i.sku, null, 'its image shows the product')
from product.image_admin_list as i;
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 5::bigint, '["variants"]'::jsonb)$$,
    'one event'
);

-- case: what has stock is refused
select throws_ok($$select product.delete_variant('M-2', 1)$$, 'SHP16', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what was ordered is refused, and the refusal says so
select product.import_products('[{"sku": "CUP", "name": "Cup", "price": 10, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "CUP", "quantity": 3}]');
select orders.place_order('session:a', 'EUR', '[{"sku": "CUP", "quantity": 1}]');
select throws_ok($$select product.delete_variant('CUP', 1)$$, 'SHP16', null, 'ordered');
select is(
    product.references_to('{}', array[v.variant_id]) @> '[{"table": "orders.order_items"}]', true
)
from product.variants as v
where v.sku = 'CUP';

-- case: another version and an unknown SKU are refused
select throws_ok(
    format('select product.delete_variant(%L, %L)', b.sku, b.seen), b.sqlstate, null,
    coalesce(b.sku, 'null')
)
from (
    values ('M-1', 2, 'SHC02'), ('M-1', null, 'SHC02'), ('NONE', 1, 'SHP01'), (null, 1, 'SHP01')
) as b (sku, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.delete_variant('M-1', 1, 'k1');
delete from events.outbox_events;
select is(d.product_version, 5, 'the stored answer')
from product.delete_variant('M-1', 1, 'k1') as d;
select throws_ok($$select product.delete_variant('M-2', 1, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
