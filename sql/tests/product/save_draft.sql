-- setup: a mug with a draft, and one without
select core.set_context('staff:anna', 'req-1');
select product.create_product('CUP', '{"name": "Cup"}');
select product.create_product('MUG', '{"name": "Mug"}');
select product.save_draft('MUG', '{"name": "Big mug", "tags": ["big"]}', 1, 0, 'It grows');
delete from events.outbox_events;

-- case: a draft changes nothing of the product
select results_eq(
    $$select * from product.save_draft('CUP', '{"name": "Big cup"}', 1)$$,
    $$values ('CUP', 1::bigint, 1::bigint)$$
);
select results_eq(
    $$select p.name, p.version from product.products as p where p.code = 'CUP'$$,
    $$values ('Cup', 1::bigint)$$
);
select results_eq(
    'select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - ''product_id'' from '
    || 'events.outbox_events as e',
    $$
    values (
        'content.draft_saved', 'product', null::bigint,
        '{"code": "CUP", "draft_version": 1, "base_version": 1}'::jsonb
    )
    $$,
    'one event'
);

-- case: the draft is saved again, on a newer version
select product.update_product('MUG', '{"brand": "Brown"}', 1);
select throws_ok(
    $$select product.save_draft('MUG', '{"name": "A"}', 1, 1)$$, 'SHC02', null, 'on the old one'
);
select results_eq(
    $$select * from product.save_draft('MUG', '{"name": "A"}', 2, 1)$$,
    $$values ('MUG', 2::bigint, 2::bigint)$$
);
select is(d.content, '{"name": "A"}'::jsonb) from product.content_draft_list as d;

-- case: of two editors who saw the same draft one wins
select product.save_draft('MUG', '{"name": "A"}', 1, 1);
delete from events.outbox_events;
select throws_ok(
    format('select product.save_draft(%L, %L, %L, %L)', 'MUG', '{"name": "B"}', 1, b.seen),
    'SHC02', null, coalesce(b.seen::text, 'null')
)
from (values (1), (0), (3), (null)) as b (seen);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not there and malformed content are refused
select throws_ok(
    format('select product.save_draft(%L, %L, 1, 0, %L)', b.code, b.content, b.summary), b.sqlstate,
    null, concat_ws(' ', b.code, b.content, b.sqlstate)
)
from (
    values
    ('NONE', '{"name": "A"}', 'S', 'SHP01'), ('CUP', '{}', 'S', '22023'),
    ('CUP', null, 'S', '22023'), ('CUP', '{"name": ""}', 'S', '22023'),
    ('CUP', '{"name": "A"}', '', '22023')
) as b (code, content, summary, sqlstate);
select core.set_business_rule('product_tags_max', 1, 1);
delete from events.outbox_events;
select throws_ok($$select product.save_draft('CUP', '{"tags": ["a", "b"]}', 1)$$, 'SHP23', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.save_draft('CUP', '{"name": "A"}', 1, 0, 'S', 'k1');
delete from events.outbox_events;
select is(d.draft_version, 1, 'the stored answer')
from product.save_draft('CUP', '{"name": "A"}', 1, 0, 'S', 'k1') as d;
select throws_ok(
    $$select product.save_draft('CUP', '{"name": "B"}', 1, 1, 'S', 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
