-- setup: a mug in two sizes with images
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_product('MUG', '{
    "name": "Mug", "slug": "mug", "brand": "Brown", "category": "kitchen", "tags": ["tea"],
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "images": [{"url": "/a.jpg"}, {"url": "/b.jpg", "is_primary": true}],
    "specifications": [{"name": "Height", "value": "9", "unit": "cm"}],
    "suppliers": [{"supplier": "ACME", "reference": "M-1"}]
}');
select product.create_variant('MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S"}}', 1);
delete from events.outbox_events;

-- case: what is given changes, the rest stays
select results_eq(
    $$
    select * from product.update_product(
        'MUG', '{"name": "Big mug", "tags": ["Tea", "big"]}', 2, 'It grew'
    )
    $$,
    $$values ('MUG', 3::bigint, '["name", "tags"]'::jsonb)$$
);
select results_eq(
    $$
    select v.version, v.fields, v.summary, v.author, v.content -> 'brand', v.content -> 'images'
    from product.get_content_version('MUG') as v
    $$,
    $$
    values (
        3::bigint, '["name", "tags"]'::jsonb, 'It grew', 'staff:anna', '"Brown"'::jsonb,
        '[{"url": "/a.jpg", "is_primary": false}, {"url": "/b.jpg", "is_primary": true}]'::jsonb
    )
    $$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'content.updated', 'product', p.product_id, 3::bigint,
        jsonb_build_object(
            'product_id', p.product_id, 'code', 'MUG', 'version', 3,
            'fields', '["name", "tags"]'::jsonb
        ),
        'req-1'
    from product.products as p
    $$,
    'one event'
);

-- case: what may be null can be taken away
select is(u.fields, '["brand", "category", "slug"]'::jsonb)
from product.update_product('MUG', '{"brand": null, "category": null, "slug": null}', 2) as u;
select results_eq(
    'select p.brand, p.category_id, p.slug from product.products as p',
    'values (null::text, null::bigint, null::text)'
);

-- case: what is as it was makes no version and no event
select results_eq(
    $$
    select * from product.update_product('MUG', '{
        "name": "Mug", "tags": ["TEA", "tea"], "metadata": {},
        "options": [{"name": "Size", "values": ["S", "L"]}],
        "images": [{"url": "/a.jpg"}, {"url": "/b.jpg"}],
        "specifications": [{"name": "Height", "value": "9", "unit": "cm"}],
        "suppliers": [{"supplier": "ACME", "reference": "M-1"}]
    }', 2)
    $$,
    $$values ('MUG', 2::bigint, '[]'::jsonb)$$
);
select is_empty('table events.outbox_events', 'nothing was told');

-- case: lists are replaced in their order, and an image that stays keeps its number
select product.update_product('MUG', '{
    "images": [{"url": "/c.jpg", "sku": "M-S"}, {"url": "/b.jpg", "alt": "B"}],
    "options": [{"name": "Colour", "values": ["red"]}, {"name": "Size", "values": ["L", "S"]}],
    "specifications": [
        {"name": "Weight", "value": "300", "unit": "g"},
        {"group": "Outside", "name": "Height", "value": "10", "unit": "cm"}
    ],
    "suppliers": []
}', 2);
select results_eq(
    $$
    select i.image_no, i.url, i.alt, i.position, i.is_primary, v.sku
    from product.product_images as i
    left join product.variants as v on v.variant_id = i.variant_id
    order by i.position
    $$,
    $$values (3, '/c.jpg', '', 1, false, 'M-S'), (2, '/b.jpg', 'B', 2, true, null)$$
);
select results_eq(
    $$
    select o.name, o.position, o.value, o.value_position from product.option_admin_list as o
    order by o.position, o.value_position
    $$,
    $$values ('Colour', 1, 'red', 1), ('Size', 2, 'L', 1), ('Size', 2, 'S', 2)$$
);
select results_eq(
    $$
    select s.position, s.group_name, s.name, s.value, s.unit
    from product.specification_admin_list as s
    order by s.position
    $$,
    $$values (1, '', 'Weight', '300', 'g'), (2, 'Outside', 'Height', '10', 'cm')$$
);
select is_empty('table product.supplier_references', 'no supplier');

-- case: without the primary image the first becomes it; a named one goes before
select product.update_product('MUG', '{"images": [{"url": "/x"}, {"url": "/a.jpg"}]}', 2);
select is(i.url, '/x', 'the first') from product.product_images as i where i.is_primary;
select product.update_product(
    'MUG', '{"images": [{"url": "/x"}, {"url": "/a.jpg", "is_primary": true}]}', 3
);
select is(i.url, '/a.jpg', 'the named one') from product.product_images as i where i.is_primary;
select product.update_product('MUG', '{"images": []}', 4);
select is_empty('table product.product_images', 'none');

-- case: a value that a variant has cannot go
select throws_ok(
    format('select product.update_product(%L, %L, 2)', 'MUG', b.content), 'SHP17', null, b.content
)
from (
    values
    ('{"options": []}'), ('{"options": [{"name": "Size", "values": ["L"]}]}'),
    ('{"options": [{"name": "size", "values": ["S", "L"]}]}')
) as b (content);
select is_empty('table events.outbox_events', 'nothing was written');
select is(count(*), 2, 'both values are there')
from product.option_values;

-- case: of two editors who saw the same version one wins
select product.update_product('MUG', '{"name": "A"}', 2);
delete from events.outbox_events;
select throws_ok($$select product.update_product('MUG', '{"name": "B"}', 2)$$, 'SHC02', null);
select throws_ok(
    $$select product.update_product('MUG', '{"name": "B"}', null)$$, 'SHC02', null, 'no version'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not there is refused
select product.create_product('POT', '{"name": "P", "slug": "pot"}');
delete from events.outbox_events;
select throws_ok(
    format('select product.update_product(%L, %L, 2)', b.code, b.content), b.sqlstate, null,
    b.sqlstate || ' ' || b.content
)
from (
    values
    ('mug', '{"name": "A"}', 'SHP01'), (null, '{"name": "A"}', 'SHP01'),
    ('MUG', '{"category": "cellar"}', 'SHP03'), ('MUG', '{"slug": "pot"}', 'SHP10'),
    ('MUG', '{"images": [{"url": "/a", "sku": "NONE"}]}', 'SHP01')
) as b (code, content, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: lists have limits
select core.set_business_rule('product_images_max', 1, 1);
delete from events.outbox_events;
select throws_ok(
    $$select product.update_product('MUG', '{"images": [{"url": "/a"}, {"url": "/b"}]}', 2)$$,
    'SHP23', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed content and summaries are refused
select throws_ok(
    format('select product.update_product(%L, %L, 2, %L)', 'MUG', b.content, b.summary),
    '22023', null, coalesce(b.content, 'null')
)
from (
    values
    ('{}', 'S'), (null, 'S'), ('{"tags": [""]}', 'S'), ('{"name": "A"}', ''),
    ('{"name": "A"}', null), ('{"name": "A"}', repeat('s', 501))
) as b (content, summary);

-- case: the same key and request get the stored answer, another request is refused
select product.update_product('MUG', '{"name": "A"}', 2, 'S', 'k1');
select product.update_product('MUG', '{"name": "B"}', 3);
delete from events.outbox_events;
select results_eq(
    $$select * from product.update_product('MUG', '{"name": "A"}', 2, 'S', 'k1')$$,
    $$values ('MUG', 3::bigint, '["name"]'::jsonb)$$
);
select throws_ok(
    $$select product.update_product('MUG', '{"name": "A"}', 4, 'S', 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select product.update_product('MUG', '{"name": "A"}', 1, 'S', 'k2')$$, 'SHC02', null
);
select lives_ok($$select product.update_product('MUG', '{"name": "A"}', 2, 'S', 'k2')$$);
