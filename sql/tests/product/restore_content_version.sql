-- setup: a mug whose every field has changed since version 3
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_product('MUG', '{
    "name": "Mug", "description": "Holds tea.", "category": "kitchen", "slug": "mug",
    "brand": "Brown", "tags": ["tea"], "metadata": {"a": 1},
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "specifications": [{"name": "Height", "value": "9", "unit": "cm"}],
    "images": [{"url": "/a.jpg"}, {"url": "/b.jpg", "alt": "B", "is_primary": true}],
    "suppliers": [{"supplier": "ACME", "reference": "1"}]
}');
select product.create_variant('MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S"}}', 1);
select product.create_variant('MUG', '{"sku": "M-L", "name": "L", "options": {"Size": "L"}}', 2);
select product.rename_option('MUG', 'Size', 'Form', 3);
select product.update_variant('M-S', '{"options": {}, "is_active": false}', 2);
select product.update_variant('M-L', '{"options": {"Form": "S"}, "name": "Tiny"}', 2);
select product.update_product('MUG', '{
    "name": "Cup", "description": "", "category": null, "slug": null, "brand": null,
    "language": "fr", "tags": [], "metadata": {},
    "options": [{"name": "Form", "values": ["S", "XL"]}], "specifications": [],
    "images": [{"url": "/c.jpg"}], "suppliers": []
}', 6);
delete from events.outbox_events;

-- case: all content is as it was, in a new version
select results_eq(
    $$select r.code, r.version from product.restore_content_version('MUG', 3, 7) as r$$,
    $$values ('MUG', 8::bigint)$$
);
select results_eq(
    $$select * from product.compare_content_versions('MUG', 3)$$,
    $$
    select 'variants', a.content -> 'variants', b.content -> 'variants'
    from product.get_content_version('MUG', 3) as a
    cross join product.get_content_version('MUG') as b
    $$,
    'but for whether a variant is sold'
);
select results_eq(
    $$
    select v.sku, v.name, v.options, v.is_active
    from product.variants as v
    order by v.sku
    $$,
    $$values ('M-L', 'L', '{"Size": "L"}'::jsonb, true), ('M-S', 'S', '{"Size": "S"}', false)$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$
    values (
        'content.updated', 8::bigint,
        '["brand", "category", "description", "images", "language", "metadata", "name", "options",
        "slug", "specifications", "suppliers", "tags", "variants"]'::jsonb
    )
    $$,
    'one event'
);
select is(v.summary, 'Restored version 3')
from product.content_version_list as v
where v.is_current;

-- case: some fields alone go back
select results_eq(
    $$
    select * from product.restore_content_version(
        'MUG', 3, 7, array['name', 'tags'], 'The old name'
    )
    $$,
    $$values ('MUG', 8::bigint, '["name", "tags"]'::jsonb)$$
);
select is(v.summary, 'The old name') from product.content_version_list as v where v.is_current;

-- case: what is current already is no change
select results_eq(
    $$select * from product.restore_content_version('MUG', 7, 7)$$,
    $$values ('MUG', 7::bigint, '[]'::jsonb)$$
);
select is_empty('table events.outbox_events', 'nothing was told');

-- case: variants do not go back to values that the product does not offer
select throws_ok(
    $$select product.restore_content_version('MUG', 3, 7, array['variants'])$$, 'SHP17', null
);
select throws_ok(
    $$select product.restore_content_version('MUG', 3, 7, array['options'])$$, 'SHP17', null,
    'nor options without the variants that need them'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a variant that came since is in the way of the old options
select product.update_product('MUG', '{"options": [
    {"name": "Form", "values": ["S", "XL"]}, {"name": "Size", "values": ["L"]}
]}', 7);
select product.create_variant('MUG', '{"sku": "M-9", "name": "L", "options": {"Size": "L"}}', 8);
delete from events.outbox_events;
select throws_ok($$select product.restore_content_version('MUG', 3, 9)$$, 'SHP19', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what the old version refers to has to be there still
select product.delete_category('kitchen', 1);
select product.create_product('CUP', '{"name": "C", "slug": "mug"}');
delete from events.outbox_events;
select throws_ok(
    $$select product.restore_content_version('MUG', 3, 7, array['category'])$$, 'SHP03', null
);
select throws_ok(
    $$select product.restore_content_version('MUG', 3, 7, array['slug'])$$, 'SHP10', null
);
select product.update_product('MUG', '{"images": [{"url": "/a", "sku": "M-S"}]}', 7);
select product.delete_variant('M-S', 3);
delete from events.outbox_events;
select throws_ok(
    $$select product.restore_content_version('MUG', 8, 9, array['images'])$$, 'SHP01', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not there, another version and malformed arguments are refused
select throws_ok(
    format(
        'select product.restore_content_version(%L, %L, %L, %L, %L)', b.code, b.version, b.seen,
        b.fields, b.summary
    ),
    b.sqlstate, null, concat_ws(' ', b.code, b.version, b.fields, b.sqlstate)
)
from (
    values
    ('NONE', 3, 7, null, null, 'SHP01'), ('MUG', 99, 7, null, null, 'SHP24'),
    ('MUG', 3, 6, null, null, 'SHC02'), ('MUG', 3, null, null, null, 'SHC02'),
    ('MUG', null, 7, null, null, '22023'), ('MUG', 3, 7, '{}', null, '22023'),
    ('MUG', 3, 7, '{status}', null, '22023'), ('MUG', 3, 7, '{name,null}', null, '22023'),
    ('MUG', 3, 7, null, '', '22023')
) as b (code, version, seen, fields, summary, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.restore_content_version('MUG', 3, 7, array['name'], null, 'k1');
delete from events.outbox_events;
select is(r.version, 8, 'the stored answer')
from product.restore_content_version('MUG', 3, 7, array['name'], null, 'k1') as r;
select throws_ok(
    $$select product.restore_content_version('MUG', 2, 8, array['name'], null, 'k1')$$, 'SHC01',
    null
);
select is_empty('table events.outbox_events', 'nothing was written');
