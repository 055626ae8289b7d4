-- setup: a mug in two sizes
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{
    "name": "Mug", "options": [{"name": "Size", "values": ["S", "L", "XL"]}]
}');
select product.create_variant(
    'MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S"}, "barcode": "12345678"}', 1
);
select product.create_variant(
    'MUG', '{"sku": "M-L", "name": "L", "options": {"Size": "L"}, "weight_grams": 9}', 2
);
delete from events.outbox_events;

-- case: what is given changes, the rest stays
select results_eq(
    $$
    select u.sku, u.version, u.product_version
    from product.update_variant(
        'M-L', '{"name": "Large", "options": {"Size": "XL"}, "is_active": false}', 1
    ) as u
    $$,
    $$values ('M-L', 2::bigint, 4::bigint)$$
);
select results_eq(
    $$
    select v.name, v.options, v.is_active, v.weight_grams, v.barcode, v.updated_by
    from product.variants as v
    where v.sku = 'M-L'
    $$,
    $$values ('Large', '{"Size": "XL"}'::jsonb, false, 9, null, 'staff:anna')$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 4::bigint, '["variants"]'::jsonb)$$,
    'one event'
);

-- case: a SKU can be changed, and what may be null taken away
select is(u.sku, 'M-9')
from product.update_variant('M-S', '{"sku": "M-9", "barcode": null}', 1) as u;
select is(v.barcode, null) from product.variants as v where v.sku = 'M-9';

-- case: what is as it was makes no version and no event
select results_eq(
    $$
    select u.version, u.product_version
    from product.update_variant('M-L', '{"name": "L", "weight_grams": 9}', 1) as u
    $$,
    $$values (1::bigint, 3::bigint)$$
);
select is_empty('table events.outbox_events', 'nothing was told');

-- case: what another variant has is refused
select throws_ok(
    format('select product.update_variant(%L, %L, 1)', 'M-L', b.variant), b.sqlstate, null,
    b.sqlstate
)
from (
    values
    ('{"sku": "M-S"}', 'SHP12'), ('{"options": {"Size": "S"}}', 'SHP19'),
    ('{"barcode": "12345678"}', 'SHP20'), ('{"options": {"Size": "M"}}', 'SHP18')
) as b (variant, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: another version, an unknown SKU and malformed changes are refused
select throws_ok(
    format('select product.update_variant(%L, %L, %L)', b.sku, b.variant, b.seen), b.sqlstate,
    null, coalesce(b.sku, 'null') || ' ' || b.variant
)
from (
    values
    ('M-L', '{"name": "A"}', 2, 'SHC02'), ('M-L', '{"name": "A"}', null, 'SHC02'),
    ('NONE', '{"name": "A"}', 1, 'SHP01'), (null, '{"name": "A"}', 1, 'SHP01'),
    ('M-L', '{}', 1, '22023'), ('M-L', '{"name": null}', 1, '22023'),
    ('M-L', '{"sku": null}', 1, '22023'), ('M-L', '{"product": "POT"}', 1, '22023')
) as b (sku, variant, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.update_variant('M-L', '{"name": "A"}', 1, 'k1');
select product.update_variant('M-L', '{"name": "B"}', 2);
delete from events.outbox_events;
select results_eq(
    $$
    select u.sku, u.version, u.product_version
    from product.update_variant('M-L', '{"name": "A"}', 1, 'k1') as u
    $$,
    $$values ('M-L', 2::bigint, 4::bigint)$$
);
select throws_ok(
    $$select product.update_variant('M-L', '{"name": "C"}', 3, 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
