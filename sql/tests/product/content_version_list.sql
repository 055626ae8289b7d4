-- case: each change of content is listed with who made it and what it changed
select core.set_context('staff:anna');
select product.create_product('MUG', '{"name": "Mug"}');
select core.set_context('staff:ben');
select product.update_product('MUG', '{"brand": "Brown"}', 1, 'Who makes it');
select results_eq(
    $$
    select v.code, v.version, v.is_current, v.fields, v.summary, v.author
    from product.content_version_list as v
    order by v.version
    $$,
    $$
    values
    ('MUG', 1::bigint, false, '["name"]'::jsonb, 'Created', 'staff:anna'),
    ('MUG', 2, true, '["brand"]', 'Who makes it', 'staff:ben')
    $$
);
