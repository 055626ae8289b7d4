-- setup: a mug with three images
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{
    "name": "Mug",
    "images": [{"url": "/a.jpg"}, {"url": "/b.jpg", "is_primary": true}, {"url": "/c.jpg"}]
}');
delete from events.outbox_events;

-- case: images stand in the order given, and the primary stays the primary
select results_eq(
    $$select * from product.arrange_images('MUG', array['/c.jpg', '/b.jpg', '/a.jpg'], 1)$$,
    $$values ('MUG', 2::bigint, '["images"]'::jsonb)$$
);
select results_eq(
    'select i.url, i.is_primary from product.product_images as i order by i.position',
    $$values ('/c.jpg', false), ('/b.jpg', true), ('/a.jpg', false)$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 2::bigint, '["images"]'::jsonb)$$,
    'one event'
);

-- case: the order that is there is no change
select is(a.version, 1)
from product.arrange_images('MUG', array['/a.jpg', '/b.jpg', '/c.jpg'], 1) as a;
select is_empty('table events.outbox_events', 'nothing was told');

-- case: a product without images has an empty order
select product.create_product('CUP', '{"name": "Cup"}');
select is(a.version, 1) from product.arrange_images('CUP', '{}', 1) as a;

-- case: each image is named once, no other, of a product and version that are there
select throws_ok(
    format('select product.arrange_images(%L, %L, %L)', b.code, b.urls, b.seen), b.sqlstate, null,
    concat_ws(' ', b.code, b.urls, b.sqlstate)
)
from (
    values
    ('NONE', '{/a.jpg,/b.jpg,/c.jpg}', 1, 'SHP01'), ('MUG', '{/a.jpg,/b.jpg,/c.jpg}', 2, 'SHC02'),
    ('MUG', '{/a.jpg,/b.jpg,/c.jpg}', null, 'SHC02'), ('MUG', '{/a.jpg,/b.jpg}', 1, '22023'),
    ('MUG', '{/a.jpg,/b.jpg,/b.jpg}', 1, '22023'), ('MUG', '{/a.jpg,/b.jpg,/z.jpg}', 1, '22023'),
    ('MUG', '{/a.jpg,/b.jpg,/c.jpg,/c.jpg}', 1, '22023'), ('MUG', '{}', 1, '22023'),
    ('MUG', null, 1, '22023'), ('MUG', '{/a.jpg,/b.jpg,null}', 1, '22023')
) as b (code, urls, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.arrange_images('MUG', array['/c.jpg', '/b.jpg', '/a.jpg'], 1, 'k1');
delete from events.outbox_events;
select is(a.version, 2, 'the stored answer')
from product.arrange_images('MUG', array['/c.jpg', '/b.jpg', '/a.jpg'], 1, 'k1') as a;
select throws_ok($$select product.arrange_images('MUG', '{}', 2, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
