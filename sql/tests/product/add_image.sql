-- setup: a mug with a variant and without images
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{"name": "Mug"}');
select product.create_variant('MUG', '{"sku": "M-1", "name": "1"}', 1);
delete from events.outbox_events;

-- case: the first image is the primary one, the next stand behind it
select results_eq(
    $$select * from product.add_image('MUG', '/a.jpg', 2, 'A', 'M-1')$$,
    $$values ('MUG', 3::bigint, '["images"]'::jsonb)$$
);
select product.add_image('MUG', 'https://x.example/b.jpg?s=1', 3);
select product.add_image('MUG', '/c.jpg', 4, p_position => 1);
select product.add_image('MUG', '/d.jpg', 5, p_position => 2, p_is_primary => true);
select results_eq(
    $$
    select i.position, i.url, i.alt, i.is_primary, i.sku
    from product.image_admin_list as i
    order by i.position
    $$,
    $$
    values
    (1, '/c.jpg', '', false, null), (2, '/d.jpg', '', true, null),
    (3, '/a.jpg', 'A', false, 'M-1'), (4, 'https://x.example/b.jpg?s=1', '', false, null)
    $$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$
    select 'content.updated', s.seq::bigint, '["images"]'::jsonb
    from generate_series(3, 6) as s (seq)
    $$
);

-- case: a place far behind the last is the last
select product.add_image('MUG', '/a.jpg', 2, p_position => 2147483647);
select is(i.position, 1) from product.product_images as i;

-- case: an image is there once, and not more than the rule allows
select product.add_image('MUG', '/a.jpg', 2);
delete from events.outbox_events;
select throws_ok($$select product.add_image('MUG', '/a.jpg', 3, 'Again')$$, 'SHP22', null);
select core.set_business_rule('product_images_max', 1, 1);
delete from events.outbox_events;
select throws_ok($$select product.add_image('MUG', '/b.jpg', 3)$$, 'SHP23', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not there, another version and malformed arguments are refused
select throws_ok(
    format(
        'select product.add_image(%L, %L, %L, %L, %L, %L)',
        b.code, b.url, b.seen, b.alt, b.sku, b.place
    ),
    b.sqlstate, null, concat_ws(' ', b.code, b.url, b.sqlstate)
)
from (
    values
    ('NONE', '/a', 2, '', null, null, 'SHP01'), (null, '/a', 2, '', null, null, 'SHP01'),
    ('MUG', '/a', 2, '', 'NONE', null, 'SHP01'), ('MUG', '/a', 1, '', null, null, 'SHC02'),
    ('MUG', '/a', null, '', null, null, 'SHC02'), ('MUG', null, 2, '', null, null, '22023'),
    ('MUG', '', 2, '', null, null, '22023'), ('MUG', 'a.jpg', 2, '', null, null, '22023'),
    ('MUG', 'data:x', 2, '', null, null, '22023'),
    ('MUG', '/a', 2, E'\n', null, null, '22023'),
    ('MUG', '/a', 2, repeat('a', 501), null, null, '22023'),
    ('MUG', '/a', 2, '', null, 0, '22023')
) as b (code, url, seen, alt, sku, place, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.add_image('MUG', '/a.jpg', 2, p_idempotency_key => 'k1');
delete from events.outbox_events;
select results_eq(
    $$select * from product.add_image('MUG', '/a.jpg', 2, p_idempotency_key => 'k1')$$,
    $$values ('MUG', 3::bigint, '["images"]'::jsonb)$$
);
select throws_ok(
    $$select product.add_image('MUG', '/b.jpg', 3, p_idempotency_key => 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
