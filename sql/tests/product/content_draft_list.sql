-- setup: a mug with a draft, and one without
select core.set_context('staff:anna', 'req-1');
select product.create_product('CUP', '{"name": "Cup"}');
select product.create_product('MUG', '{"name": "Mug"}');
select product.save_draft('MUG', '{"name": "Big mug", "tags": ["big"]}', 1, 0, 'It grows');
delete from events.outbox_events;

-- case: a draft is listed with what it would change, and whether it is outdated
select results_eq(
    $$
    select
        d.code, d.draft_version, d.base_version, d.is_outdated, d.content, d.summary, d.updated_by
    from product.content_draft_list as d
    $$,
    $$
    values (
        'MUG', 1::bigint, 1::bigint, false, '{"name": "Big mug", "tags": ["big"]}'::jsonb,
        'It grows', 'staff:anna'
    )
    $$
);
select product.update_product('MUG', '{"brand": "Brown"}', 1);
select ok(d.is_outdated, 'the product has changed since') from product.content_draft_list as d;
