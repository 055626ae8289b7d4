-- setup: a mug with a draft, and one without
select core.set_context('staff:anna', 'req-1');
select product.create_product('CUP', '{"name": "Cup"}');
select product.create_product('MUG', '{"name": "Mug"}');
select product.save_draft('MUG', '{"name": "Big mug", "tags": ["big"]}', 1, 0, 'It grows');
delete from events.outbox_events;

-- case: a draft becomes the content, with its summary, and is gone
select core.set_context('staff:ben');
select results_eq(
    $$select * from product.publish_draft('MUG', 1)$$,
    $$values ('MUG', 2::bigint, '["name", "tags"]'::jsonb)$$
);
select results_eq(
    $$
    select v.version, v.content ->> 'name', v.summary, v.author
    from product.get_content_version('MUG') as v
    $$,
    $$values (2::bigint, 'Big mug', 'It grows', 'staff:ben')$$
);
select is_empty('table product.content_drafts', 'no draft');
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 2::bigint, '["name", "tags"]'::jsonb)$$,
    'one event'
);

-- case: a draft that changes nothing makes no version
select product.save_draft('MUG', '{"name": "Mug"}', 1, 1);
delete from events.outbox_events;
select is(p.version, 1) from product.publish_draft('MUG', 2) as p;
select is_empty('table events.outbox_events', 'nothing was told');
select is_empty('table product.content_drafts', 'no draft');

-- case: a draft of an older version is refused, and stays
select product.update_product('MUG', '{"brand": "Brown"}', 1);
delete from events.outbox_events;
select throws_ok($$select product.publish_draft('MUG', 1)$$, 'SHC02', null);
select isnt_empty('table product.content_drafts', 'it is there');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what it refers to has to be there when it is published
select product.create_category('kitchen', 'Kitchen');
select product.save_draft('MUG', '{"category": "kitchen"}', 1, 1);
select product.delete_category('kitchen', 1);
select throws_ok($$select product.publish_draft('MUG', 2)$$, 'SHP03', null, 'a category');
select product.save_draft('MUG', '{"slug": "mug"}', 1, 2);
select product.update_product('CUP', '{"slug": "mug"}', 1);
select throws_ok($$select product.publish_draft('MUG', 3)$$, 'SHP10', null, 'a slug');
select product.save_draft('MUG', '{"tags": ["a", "b"]}', 1, 3);
select core.set_business_rule('product_tags_max', 1, 1);
select throws_ok($$select product.publish_draft('MUG', 4)$$, 'SHP23', null, 'a limit');

-- case: what is not there and another version are refused
select throws_ok(
    format('select product.publish_draft(%L, %L)', b.code, b.seen), b.sqlstate, null,
    concat_ws(' ', b.code, b.seen)
)
from (
    values
    ('NONE', 1, 'SHP01'), (null, 1, 'SHP01'), ('CUP', 1, 'SHP25'), ('CUP', 0, 'SHP25'),
    ('MUG', 2, 'SHC02'), ('MUG', null, 'SHC02')
) as b (code, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.publish_draft('MUG', 1, 'k1');
delete from events.outbox_events;
select is(p.version, 2, 'the stored answer') from product.publish_draft('MUG', 1, 'k1') as p;
select throws_ok($$select product.publish_draft('MUG', 2, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
