-- setup: two products
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{"name": "Mug"}');
select product.create_product('POT', '{"name": "Pot"}');
delete from events.outbox_events;
update product.products set name = 'New ' || code;

-- case: each product has a new version with its snapshot, and an event
select product.record_change(
    (select array_agg(p.product_id order by p.code desc) from product.products as p),
    array['["name", "tags"]', '["name"]']::jsonb[], 'Renamed'
);
select results_eq(
    $$
    select v.code, v.version, v.fields, v.summary, v.author
    from product.content_version_list as v
    where v.is_current
    order by v.code
    $$,
    $$
    values
    ('MUG', 2::bigint, '["name"]'::jsonb, 'Renamed', 'staff:anna'),
    ('POT', 2, '["name", "tags"]', 'Renamed', 'staff:anna')
    $$
);
select is(v.content, product.snapshot(p.product_id), p.code)
from product.products as p
cross join lateral product.get_content_version(p.code) as v;
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload
    from events.outbox_events as e
    $$,
    $$
    select
        'content.updated', 'product', p.product_id, 2::bigint,
        jsonb_build_object(
            'product_id', p.product_id, 'code', p.code, 'version', 2,
            'fields', case p.code when 'MUG' then '["name"]' else '["name", "tags"]' end::jsonb
        )
    from product.products as p
    order by p.product_id
    $$
);

-- case: no product is no change
select product.record_change('{}', '{}', 'Nothing');
select product.record_change(null, null, 'Nothing');
select is_empty('table events.outbox_events');
