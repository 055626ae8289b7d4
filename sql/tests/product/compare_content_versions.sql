-- setup: a mug with three versions
select product.create_product('MUG', '{"name": "Mug", "tags": ["tea"]}');
select product.update_product('MUG', '{"name": "Big mug", "brand": "Brown"}', 1);
select product.update_product('MUG', '{"name": "Mug", "images": [{"url": "/a.jpg"}]}', 2);

-- case: two versions differ in the fields that changed between them
select results_eq(
    $$select * from product.compare_content_versions('MUG', 1, 2)$$,
    $$
    values
    ('brand', 'null'::jsonb, '"Brown"'::jsonb), ('name', '"Mug"', '"Big mug"')
    $$
);
select results_eq(
    $$select * from product.compare_content_versions('MUG', 1)$$,
    $$
    values
    ('brand', 'null'::jsonb, '"Brown"'::jsonb),
    ('images', '[]', '[{"url": "/a.jpg", "is_primary": true}]')
    $$,
    'with the newest: what went there and back is no difference'
);
select is_empty($$select * from product.compare_content_versions('MUG', 2, 2)$$, 'with itself');

-- case: what is not there is refused
select throws_ok(
    format('select product.compare_content_versions(%L, %L, %L)', b.code, b.version, b.other),
    b.sqlstate, null, concat_ws(' ', b.code, b.version, b.other)
)
from (
    values ('NONE', 1, 2, 'SHP01'), ('MUG', 4, 1, 'SHP24'), ('MUG', 1, 4, 'SHP24')
) as b (code, version, other, sqlstate);
