-- setup: a mug with a draft, and one without
select core.set_context('staff:anna', 'req-1');
select product.create_product('CUP', '{"name": "Cup"}');
select product.create_product('MUG', '{"name": "Mug"}');
select product.save_draft('MUG', '{"name": "Big mug", "tags": ["big"]}', 1, 0, 'It grows');
delete from events.outbox_events;

-- case: a draft is thrown away
select results_eq(
    $$select * from product.discard_draft('MUG', 1)$$, $$values ('MUG', 1::bigint)$$
);
select is_empty('table product.content_drafts', 'no draft');
select results_eq(
    'select e.event_type, e.payload - ''product_id'' from events.outbox_events as e',
    $$values ('content.draft_discarded', '{"code": "MUG", "draft_version": 1}'::jsonb)$$,
    'one event'
);

-- case: what is not there and another version are refused
select throws_ok(
    format('select product.discard_draft(%L, %L)', b.code, b.seen), b.sqlstate, null,
    concat_ws(' ', b.code, b.seen)
)
from (
    values
    ('NONE', 1, 'SHP01'), ('CUP', 1, 'SHP25'), ('MUG', 2, 'SHC02'), ('MUG', null, 'SHC02')
) as b (code, seen, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.discard_draft('MUG', 1, 'k1');
delete from events.outbox_events;
select is(d.draft_version, 1, 'the stored answer')
from product.discard_draft('MUG', 1, 'k1') as d;
select throws_ok($$select product.discard_draft('MUG', 2, 'k1')$$, 'SHC01', null);
select is_empty('table events.outbox_events', 'nothing was written');
