-- setup: a draft with a variant that has a price
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{"name": "Mug"}');
select product.create_variant('MUG', '{"sku": "M-1", "name": "Mug"}', 1);
select product.set_price('M-1', 'EUR', 7, 0);
delete from events.outbox_events;

-- case: a draft becomes active, and customers see it
select results_eq(
    $$select * from product.set_product_status('MUG', 'active', 2)$$,
    $$values ('MUG', 3::bigint, 'active')$$
);
select isnt_empty('table product.product_list', 'it is shown');
select isnt(p.published_at, null, 'when') from product.products as p;
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 3::bigint, '["status"]'::jsonb)$$,
    'one event'
);
select is(v.summary, 'Made active') from product.content_version_list as v where v.is_current;

-- case: archived, a draft again and active again: when it first appeared stays
select product.set_product_status('MUG', 'active', 2);
create temporary table first as select p.published_at from product.products as p;
select product.set_product_status('MUG', 'archived', 3, 'Sold out for good');
select is_empty('table product.product_list', 'an archived one is not shown');
select product.set_product_status('MUG', 'draft', 4);
select product.set_product_status('MUG', 'active', 5);
select results_eq('select p.published_at from product.products as p', 'table pg_temp.first');
select results_eq(
    'select v.version, v.summary from product.content_version_list as v order by 1 desc limit 3',
    $$values (6::bigint, 'Made active'), (5, 'Made draft'), (4, 'Sold out for good')$$
);

-- case: the status that it has is no change
select results_eq(
    $$select * from product.set_product_status('MUG', 'draft', 2)$$,
    $$values ('MUG', 2::bigint, 'draft')$$
);
select is_empty('table events.outbox_events', 'nothing was told');

-- case: what nobody could buy does not become active
select product.create_variant('MUG', '{"sku": "M-2", "name": "No price"}', 2);
delete from events.outbox_events;
select throws_ok(
    $$select product.set_product_status('MUG', 'active', 3)$$, 'SHP26', null, 'without a price'
);
update product.variants set is_active = false;
select throws_ok(
    $$select product.set_product_status('MUG', 'active', 3)$$, 'SHP26', null, 'nothing active'
);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select product.set_product_status('MUG', 'archived', 3)$$, 'archived it may be');

-- case: what is not there, another version and malformed arguments are refused
select throws_ok(
    format(
        'select product.set_product_status(%L, %L, %L, %L)', b.code, b.status, b.version, b.note
    ),
    b.sqlstate, null, coalesce(b.code, 'null') || ' ' || coalesce(b.status, 'null')
)
from (
    values
    ('NONE', 'active', 2, null, 'SHP01'), (null, 'active', 2, null, 'SHP01'),
    ('MUG', 'active', 1, null, 'SHC02'), ('MUG', 'active', null, null, 'SHC02'),
    ('MUG', 'gone', 2, null, '22023'), ('MUG', null, 2, null, '22023'),
    ('MUG', 'active', 2, '', '22023')
) as b (code, status, version, note, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.set_product_status('MUG', 'active', 2, null, 'k1');
select product.set_product_status('MUG', 'archived', 3);
delete from events.outbox_events;
select results_eq(
    $$select * from product.set_product_status('MUG', 'active', 2, null, 'k1')$$,
    $$values ('MUG', 3::bigint, 'active')$$
);
select throws_ok(
    $$select product.set_product_status('MUG', 'active', 4, null, 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
