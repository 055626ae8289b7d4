-- setup: a mug with two versions
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{"name": "Mug"}');
select product.update_product('MUG', '{"name": "Big mug", "tags": ["big"]}', 1, 'It grew');

-- case: an old version is there as it was, the newest without asking
select results_eq(
    $$
    select v.version, v.content ->> 'name', v.content -> 'tags', v.summary, v.author
    from product.get_content_version('MUG', 1) as v
    $$,
    $$values (1::bigint, 'Mug', '[]'::jsonb, 'Created', 'staff:anna')$$
);
select results_eq(
    $$
    select v.version, v.content ->> 'name', v.fields, v.summary
    from product.get_content_version('MUG') as v
    $$,
    $$values (2::bigint, 'Big mug', '["name", "tags"]'::jsonb, 'It grew')$$
);

-- case: the list of versions tells which is current
select results_eq(
    $$
    select v.code, v.version, v.is_current, v.fields, v.summary, v.author
    from product.content_version_list as v
    order by v.version
    $$,
    $$
    values
    ('MUG', 1::bigint, false, '["name"]'::jsonb, 'Created', 'staff:anna'),
    ('MUG', 2, true, '["name", "tags"]', 'It grew', 'staff:anna')
    $$
);

-- case: what is not there is refused
select throws_ok(
    format('select product.get_content_version(%L, %L)', b.code, b.version), b.sqlstate, null,
    concat_ws(' ', b.code, b.version)
)
from (
    values ('NONE', 1, 'SHP01'), (null, 1, 'SHP01'), ('MUG', 3, 'SHP24'), ('MUG', 0, 'SHP24')
) as b (code, version, sqlstate);
