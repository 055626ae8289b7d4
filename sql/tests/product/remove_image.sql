-- setup: a mug with three images
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{
    "name": "Mug",
    "images": [{"url": "/a.jpg"}, {"url": "/b.jpg", "is_primary": true}, {"url": "/c.jpg"}]
}');
delete from events.outbox_events;

-- case: an image goes, and the others move up
select results_eq(
    $$select * from product.remove_image('MUG', '/a.jpg', 1)$$,
    $$values ('MUG', 2::bigint, '["images"]'::jsonb)$$
);
select results_eq(
    'select i.url, i.position, i.is_primary from product.product_images as i order by i.position',
    $$values ('/b.jpg', 1, true), ('/c.jpg', 2, false)$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 2::bigint, '["images"]'::jsonb)$$,
    'one event'
);

-- case: without the primary the first of the others becomes it, to the last
select product.remove_image('MUG', '/b.jpg', 1);
select is(i.url, '/a.jpg') from product.product_images as i where i.is_primary;
select product.remove_image('MUG', '/a.jpg', 2);
select product.remove_image('MUG', '/c.jpg', 3);
select is_empty('table product.product_images');

-- case: what is not there and another version are refused
select throws_ok(
    format('select product.remove_image(%L, %L, %L)', b.code, b.url, b.seen), b.sqlstate, null,
    concat_ws(' ', b.code, b.url, b.sqlstate)
)
from (
    values
    ('NONE', '/a.jpg', 1, 'SHP01'), ('MUG', '/z.jpg', 1, 'SHP21'), ('MUG', null, 1, 'SHP21'),
    ('MUG', '/a.jpg', 2, 'SHC02'), ('MUG', '/a.jpg', null, 'SHC02')
) as b (code, url, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.remove_image('MUG', '/a.jpg', 1, 'k1');
delete from events.outbox_events;
select results_eq(
    $$select * from product.remove_image('MUG', '/a.jpg', 1, 'k1')$$,
    $$values ('MUG', 2::bigint, '["images"]'::jsonb)$$
);
select throws_ok($$select product.remove_image('MUG', '/b.jpg', 2, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
