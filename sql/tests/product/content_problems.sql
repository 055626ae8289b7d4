-- case: content in good form has no problem
select is_empty(
    format('select * from product.content_problems(%L)', g.content), g.content
)
from (
    values
    ('{"name": "N"}'), ('{"brand": null, "category": null, "slug": null}'),
    ('{"description": ""}'), ('{"tags": [], "options": [], "specifications": [], "images": []}'),
    ('{"metadata": {}}'), ('{"language": "deu"}'), ('{"options": [{"name": "S", "values": []}]}'),
    (
        '{"images": [
            {"url": "/a"}, {"url": "http://b", "is_primary": true, "alt": "x", "sku": "S"}
        ]}'
    ),
    (
        '{"specifications": [
            {"name": "a", "value": "b"}, {"group": "g", "name": "a", "value": "b"}
        ]}'
    ),
    ('{"suppliers": [{"supplier": "a", "reference": "1"}, {"supplier": "a", "reference": "2"}]}')
) as g (content);
select is_empty(
    'select * from product.content_problems(' || quote_literal(jsonb_build_object(
        'images', jsonb_build_array(jsonb_build_object('url', '/' || repeat('u', 1999)))
    )) || ')',
    'an address of 2,000 bytes'
);

-- case: each thing that is wrong is named with its field and element
select results_eq(
    format(
        $$
        select distinct p.field, p.item from product.content_problems(%L) as p order by 1, 2
        $$,
        b.content
    ),
    format('values (%L::text, %L::integer)', b.field, b.item),
    b.content
)
from (
    values
    (null, null, null), ('[]', null, null), ('{}', null, null), ('7', null, null),
    ('{"price": 7}', 'price', null),
    ('{"name": null}', 'name', null), ('{"name": ""}', 'name', null),
    ('{"name": " a"}', 'name', null), ('{"name": "a\n"}', 'name', null),
    ('{"name": 7}', 'name', null),
    ('{"brand": ""}', 'brand', null), ('{"category": 7}', 'category', null),
    ('{"description": null}', 'description', null),
    ('{"slug": "A"}', 'slug', null), ('{"slug": "a--b"}', 'slug', null),
    ('{"language": "EN"}', 'language', null), ('{"language": null}', 'language', null),
    ('{"metadata": []}', 'metadata', null), ('{"metadata": null}', 'metadata', null),
    ('{"tags": "a"}', 'tags', null), ('{"tags": null}', 'tags', null),
    ('{"tags": ["a", ""]}', 'tags', '2'), ('{"tags": [null]}', 'tags', '1'),
    ('{"tags": ["a", "b\n"]}', 'tags', '2'), ('{"tags": [["a"]]}', 'tags', '1'),
    ('{"images": [7]}', 'images', '1'), ('{"images": [{}]}', 'images', '1'),
    ('{"images": [{"url": null}]}', 'images', '1'),
    ('{"images": [{"url": "a.jpg"}]}', 'images', '1'),
    ('{"images": [{"url": "/a b"}]}', 'images', '1'),
    ('{"images": [{"url": "javascript:x"}]}', 'images', '1'),
    ('{"images": [{"url": "/a"}, {"url": "/a"}]}', 'images', '2'),
    ('{"images": [{"url": "/a", "is_primary": 1}]}', 'images', '1'),
    ('{"images": [{"url": "/a", "is_primary": null}]}', 'images', '1'),
    (
        '{"images": [{"url": "/a", "is_primary": true}, {"url": "/b", "is_primary": true}]}',
        'images', '2'
    ),
    ('{"images": [{"url": "/a", "size": 1}]}', 'images', '1'),
    ('{"options": [{"name": "S"}]}', 'options', '1'),
    ('{"options": [{"values": []}]}', 'options', '1'),
    ('{"options": [{"name": "S", "values": ["a", "a"]}]}', 'options', '1'),
    ('{"options": [{"name": "S", "values": [""]}]}', 'options', '1'),
    ('{"options": [{"name": "S", "values": [1]}]}', 'options', '1'),
    ('{"options": [{"name": "S", "values": []}, {"name": "S", "values": []}]}', 'options', '2'),
    ('{"options": ["S"]}', 'options', '1'),
    ('{"specifications": [{"name": "a"}]}', 'specifications', '1'),
    ('{"specifications": [{"name": "a", "value": 7}]}', 'specifications', '1'),
    (
        '{"specifications": [{"name": "a", "value": "b"}, {"name": "a", "value": "c"}]}',
        'specifications', '2'
    ),
    ('{"suppliers": [{"supplier": "a"}]}', 'suppliers', '1'),
    (
        '{"suppliers": [{"supplier": "a", "reference": "b"}, {"supplier": "a", "reference": "b"}]}',
        'suppliers', '2'
    )
) as b (content, field, item);

-- case: what is too long is a problem
select isnt_empty(
    format('select * from product.content_problems(%L)', b.content), b.title
)
from (
    values
    (jsonb_build_object('name', repeat('n', 501)), 'a name'),
    (jsonb_build_object('brand', repeat('n', 201)), 'a brand'),
    (jsonb_build_object('slug', repeat('n', 101)), 'a slug'),
    (jsonb_build_object('description', repeat('n', 100001)), 'a description'),
    (jsonb_build_object('metadata', jsonb_build_object('a', repeat('n', 100000))), 'metadata'),
    (jsonb_build_object('tags', jsonb_build_array(repeat('n', 51))), 'a tag'),
    (
        jsonb_build_object('images', jsonb_build_array(
            jsonb_build_object('url', '/' || repeat('ü', 1000))
        )),
        'an address of 2,001 bytes'
    ),
    (
        jsonb_build_object('options', jsonb_build_array(
            jsonb_build_object('name', repeat('n', 101), 'values', '[]'::jsonb)
        )),
        'an option'
    ),
    (
        jsonb_build_object('suppliers', jsonb_build_array(
            jsonb_build_object('supplier', repeat('n', 65), 'reference', 'r')
        )),
        'a supplier'
    )
) as b (content, title);
