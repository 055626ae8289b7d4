-- setup: a mug in two sizes, and another product
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{
    "name": "Mug", "options": [{"name": "Size", "values": ["S", "L"]}]
}');
select product.import_products('[{"sku": "POT", "name": "Pot", "price": 7.5, "currency": "EUR"}]');
delete from events.outbox_events;

-- case: a variant is made, and the product has a new version
create temporary table made as
select v.sku, v.variant_id, v.version, v.product_version
from product.create_variant('MUG', '{
    "sku": "M-S", "name": "Small mug", "options": {"Size": "S"}, "barcode": "4006381333931",
    "weight_grams": 300, "position": 2, "is_active": false
}', 1) as v;
select results_eq(
    'select m.sku, m.version, m.product_version from pg_temp.made as m',
    $$values ('M-S', 1::bigint, 2::bigint)$$
);
select results_eq(
    $$
    select
        v.sku, v.name, v.options, v.barcode, v.weight_grams, v.position, v.is_active, v.updated_by
    from product.variants as v
    inner join pg_temp.made as m on m.variant_id = v.variant_id
    $$,
    $$
    values (
        'M-S', 'Small mug', '{"Size": "S"}'::jsonb, '4006381333931', 300, 2, false, 'staff:anna'
    )
    $$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 2::bigint, '["variants"]'::jsonb)$$,
    'one event'
);
select is(v.summary, 'Added M-S') from product.content_version_list as v where v.version = 2;

-- case: a SKU and a name are enough, and several variants may be without options
select product.create_variant('MUG', '{"sku": "M-1", "name": "M"}', 1);
select lives_ok($$select product.create_variant('MUG', '{"sku": "M-2", "name": "M"}', 2)$$);
select ok(v.is_active, 'it is active')
from product.variants as v
where v.sku = 'M-1';

-- case: a SKU, a barcode and a set of options are there once
select product.create_variant(
    'MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S"}, "barcode": "12345678"}', 1
);
delete from events.outbox_events;
select throws_ok(
    format('select product.create_variant(%L, %L, 2)', 'MUG', b.variant), b.sqlstate, null,
    b.sqlstate
)
from (
    values
    ('{"sku": "POT", "name": "P"}', 'SHP12'),
    ('{"sku": "A", "name": "A", "options": {"Size": "S"}}', 'SHP19'),
    ('{"sku": "A", "name": "A", "barcode": "12345678"}', 'SHP20'),
    ('{"sku": "A", "name": "A", "options": {"Size": "M"}}', 'SHP18'),
    ('{"sku": "A", "name": "A", "options": {"Colour": "red"}}', 'SHP18')
) as b (variant, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: another version and an unknown product are refused
select throws_ok(
    format(
        'select product.create_variant(%L, %L, %L)', b.code, '{"sku": "A", "name": "A"}', b.seen
    ),
    b.sqlstate, null, coalesce(b.code, 'null')
)
from (
    values ('MUG', 2, 'SHC02'), ('MUG', null, 'SHC02'), ('NONE', 1, 'SHP01'), (null, 1, 'SHP01')
) as b (code, seen, sqlstate);

-- case: a malformed variant is refused
select throws_ok(
    format('select product.create_variant(%L, %L, 1)', 'MUG', b.variant), '22023', null,
    coalesce(left(b.variant, 60), 'null')
)
from (
    values
    (null), ('{}'), ('[]'), ('{"sku": "A"}'), ('{"name": "A"}'), ('{"sku": "", "name": "A"}'),
    ('{"sku": " A", "name": "A"}'), ('{"sku": "A\n", "name": "A"}'),
    ('{"sku": "A", "name": " "}'), ('{"sku": "A", "name": "A", "price": 7}'),
    ('{"sku": "A", "name": "A", "options": ["S"]}'),
    ('{"sku": "A", "name": "A", "options": {"Size": 1}}'),
    ('{"sku": "A", "name": "A", "options": null}'),
    ('{"sku": "A", "name": "A", "barcode": "1234567"}'),
    ('{"sku": "A", "name": "A", "barcode": 12345678}'),
    ('{"sku": "A", "name": "A", "weight_grams": 0}'),
    ('{"sku": "A", "name": "A", "weight_grams": 1.5}'),
    ('{"sku": "A", "name": "A", "is_active": null}'),
    ('{"sku": "A", "name": "A", "position": -1}'),
    (jsonb_build_object('sku', repeat('s', 65), 'name', 'A')::text)
) as b (variant);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
create temporary table made as
select v.sku, v.variant_id, v.version, v.product_version
from product.create_variant('MUG', '{"sku": "A", "name": "A"}', 1, 'k1') as v;
delete from events.outbox_events;
select results_eq(
    $$select * from product.create_variant('MUG', '{"sku": "A", "name": "A"}', 1, 'k1')$$,
    'table pg_temp.made'
);
select throws_ok(
    $$select product.create_variant('MUG', '{"sku": "B", "name": "A"}', 2, 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
