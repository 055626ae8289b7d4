-- setup: a product with everything that goes with it, and one with stock
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{
    "name": "Mug", "options": [{"name": "Size", "values": ["S"]}], "images": [{"url": "/a.jpg"}],
    "specifications": [{"name": "Height", "value": "9"}],
    "suppliers": [{"supplier": "ACME", "reference": "1"}]
}');
select product.create_variant('MUG', '{"sku": "M-1", "name": "M", "options": {"Size": "S"}}', 1);
select product.set_price('M-1', 'EUR', 7, 0);
select product.set_price('M-1', 'EUR', 8, 1);
select product.save_draft('MUG', '{"name": "Cup"}', 2);
select product.import_products('[{"sku": "POT", "name": "Pot", "price": 7.5, "currency": "EUR"}]');
select inventory.create_location('MAIN', 'Main', 1)
where not exists (select from inventory.location_list);
select inventory.receive_stock('[{"sku": "POT", "quantity": 3}]');
delete from events.outbox_events;

-- case: what nothing refers to goes with all its parts
create temporary table gone as
select d.code, d.product_id from product.delete_product('MUG', 2) as d;
select is(g.code, 'MUG') from pg_temp.gone as g;
select is_empty(
    format('select from product.%I as t where t.product_id = %s', t.name, g.product_id), t.name
)
from pg_temp.gone as g
cross join unnest(array[
    'products', 'variants', 'product_options', 'option_values', 'product_images', 'specifications',
    'supplier_references', 'content_versions', 'content_drafts'
]) as t (name);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor
    from events.outbox_events as e
    $$,
    $$
    select
        'product.deleted', 'product', g.product_id, 3::bigint,
        jsonb_build_object('product_id', g.product_id, 'code', 'MUG'), 'staff:anna'
    from pg_temp.gone as g
    $$,
    'one event'
);

-- case: what has stock is refused, with what refers to it
select throws_ok($$select product.delete_product('POT', 1)$$, 'SHP16', null, 'a pot');
select results_eq(
    $$
    select r.value ->> 'table' as name, r.value -> 'rows'
    from product.variants as v
    cross join lateral jsonb_array_elements(
        product.references_to(array[v.product_id], array[v.variant_id])
    ) as r
    where v.sku = 'POT'
    order by 1
    $$,
    $$
    values
    ('inventory.inventory', '1'::jsonb), ('inventory.inventory_movements', '1'),
    ('inventory.stock_buckets', '1')
    $$
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a review is a reference, too
select account.register_user('ann@example.com', 'Ann');
insert into product.product_reviews (product_id, user_id, rating, title, body, updated_by)
select p.product_id, u.user_id, 5, 'Good', 'Very', 'test'
from product.products as p
cross join account.users as u
where p.code = 'MUG';
select throws_ok($$select product.delete_product('MUG', 2)$$, 'SHP16', null);

-- case: another version and an unknown product are refused
select throws_ok(
    format('select product.delete_product(%L, %L)', b.code, b.version), b.sqlstate, null,
    coalesce(b.code, 'null')
)
from (
    values ('MUG', 1, 'SHC02'), ('MUG', null, 'SHC02'), ('NONE', 1, 'SHP01'), (null, 1, 'SHP01')
) as b (code, version, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.delete_product('MUG', 2, 'k1');
delete from events.outbox_events;
select is(d.code, 'MUG', 'the stored answer')
from product.delete_product('MUG', 2, 'k1') as d;
select throws_ok($$select product.delete_product('POT', 1, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
