-- setup: a category, and a mug with a SKU
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
delete from events.outbox_events;

-- case: a draft is made with its content, version and event
select results_eq(
    $$
    select p.code, p.version
    from product.create_product('POT', '{
        "name": "Teapot", "description": "Holds tea.", "category": "kitchen", "slug": "teapot",
        "brand": "Brown", "language": "fr", "tags": ["Tea", "pots", "tea"], "metadata": {"a": [1]},
        "options": [{"name": "Size", "values": ["L", "S"]}],
        "specifications": [
            {"name": "Volume", "value": "1.2", "unit": "l"},
            {"group": "Care", "name": "Dishwasher", "value": "yes"}
        ],
        "images": [{"url": "/pot.jpg", "alt": "A pot"}, {"url": "https://x.example/pot-2.jpg"}],
        "suppliers": [{"supplier": "ACME", "reference": "P-7"}]
    }') as p
    $$,
    $$values ('POT', 1::bigint)$$
);
select results_eq(
    $$
    select
        p.name, p.description, p.status, p.slug, p.brand, p.language, p.tags, p.metadata,
        p.published_at, p.version, p.updated_by, c.slug
    from product.products as p
    inner join product.categories as c on c.category_id = p.category_id
    where p.code = 'POT'
    $$,
    $$
    values (
        'Teapot', 'Holds tea.', 'draft', 'teapot', 'Brown', 'fr', array['pots', 'tea'],
        '{"a": [1]}'::jsonb, null::timestamptz, 1::bigint, 'staff:anna', 'kitchen'
    )
    $$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'product_id', e.actor
    from events.outbox_events as e
    $$,
    $$
    values (
        'content.updated', 'product', 1::bigint,
        '{"code": "POT", "version": 1, "fields": ["name", "brand", "category", "description",
        "images", "language", "metadata", "options", "slug", "specifications", "suppliers",
        "tags"]}'::jsonb,
        'staff:anna'
    )
    $$,
    'one event'
);
select results_eq(
    $$
    select v.version, v.summary, v.author, v.content - 'variants' - 'metadata'
    from product.get_content_version('POT') as v
    $$,
    $$
    values (
        1::bigint, 'Created', 'staff:anna',
        '{"code": "POT", "name": "Teapot", "description": "Holds tea.", "category": "kitchen",
        "slug": "teapot", "brand": "Brown", "language": "fr", "tags": ["pots", "tea"],
        "status": "draft", "options": [{"name": "Size", "values": ["L", "S"]}],
        "specifications": [
            {"name": "Volume", "value": "1.2", "unit": "l"},
            {"group": "Care", "name": "Dishwasher", "value": "yes"}
        ],
        "images": [
            {"url": "/pot.jpg", "alt": "A pot", "is_primary": true},
            {"url": "https://x.example/pot-2.jpg", "is_primary": false}
        ],
        "suppliers": [{"supplier": "ACME", "reference": "P-7"}]}'::jsonb
    )
    $$,
    'the snapshot'
);
select is_empty(
    $$select p.code from product.product_list as p where p.code = 'POT'$$, 'customers see nothing'
);

-- case: a name alone is enough, in any script
select lives_ok(
    format('select product.create_product(%L, %L)', g.code, jsonb_build_object('name', g.name)),
    g.name
)
from (
    values
    ('A', 'Café e' || chr(769) || ' 👩🏽‍💻'), ('فخار', 'فخار'), ('C', repeat('n', 500)),
    (repeat('c', 64), 'Mug''); drop table product.products; --')
) as g (code, name);

-- case: a code is taken once
select throws_ok($$select product.create_product('MUG', '{"name": "M"}')$$, 'SHP11', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a slug is taken once
select product.create_product('CUP', '{"name": "Cup", "slug": "cup"}');
delete from events.outbox_events;
select throws_ok(
    $$select product.create_product('CUP2', '{"name": "C", "slug": "cup"}')$$, 'SHP10', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown category is refused
select throws_ok(
    $$select product.create_product('A', '{"name": "A", "category": "cellar"}')$$, 'SHP03', null
);

-- case: an image shows a variant of the product itself
select throws_ok(
    $$
    select product.create_product(
        'A', '{"name": "A", "images": [{"url": "/a", "sku": "MUG"}]}'
    )
    $$,
    'SHP01', null
);

-- case: malformed arguments are refused
select throws_ok(
    format('select product.create_product(%L, %L)', b.code, b.content), '22023', null,
    coalesce(left(b.code, 9), 'null') || ' ' || coalesce(b.content, 'null')
)
from (
    values
    (null, '{"name": "A"}'), ('', '{"name": "A"}'), (' A', '{"name": "A"}'),
    (repeat('c', 65), '{"name": "A"}'), (E'A\n', '{"name": "A"}'),
    ('A', null), ('A', '{}'), ('A', '[]'), ('A', '{"brand": "A"}'), ('A', '{"name": ""}'),
    ('A', '{"name": "A", "status": "active"}')
) as b (code, content);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: lists have limits
select core.set_business_rule('product_tags_max', 1, 1);
select core.set_business_rule('product_option_values_max', 1, 1);
select throws_ok(
    format('select product.create_product(%L, %L)', 'A', b.content), 'SHP23', null, b.content
)
from (
    values
    ('{"name": "A", "tags": ["a", "b"]}'),
    ('{"name": "A", "options": [{"name": "S", "values": ["a", "b"]}]}')
) as b (content);
select core.set_business_rule('product_tags_max', 1, 2, null, false);
select lives_ok(
    $$select product.create_product('A', '{"name": "A", "tags": ["a", "b"]}')$$, 'the rule is off'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table made as
select p.code, p.product_id, p.public_id, p.version
from product.create_product('POT', '{"name": "Teapot"}', 'k1') as p;
delete from events.outbox_events;
select results_eq(
    $$select * from product.create_product('POT', '{"name": "Teapot"}', 'k1')$$,
    'table pg_temp.made'
);
select throws_ok(
    $$select product.create_product('POT', '{"name": "Pot"}', 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
