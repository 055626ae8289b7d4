-- setup: a mug with all that a page has
select product.create_product('MUG', '{
    "name": "Mug", "slug": "mug", "options": [{"name": "Size", "values": ["S", "L"]}],
    "specifications": [{"name": "Height", "value": "9"}, {"name": "Width", "value": "8"}],
    "images": [{"url": "/a.jpg"}, {"url": "/b.jpg"}],
    "suppliers": [{"supplier": "ACME", "reference": "7"}]
}');
select product.create_variant(
    'MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S"}, "barcode": "12345678"}', 1
);
select product.create_variant('MUG', '{"sku": "M-L", "name": "L", "options": {"Size": "L"}}', 2);
select product.save_draft('MUG', '{"name": "Cup"}', 3);
select product.create_product('CUP', '{"name": "Cup"}');

-- case: whatever a function forgets, the tables refuse
select throws_ok(b.change, '23514', null, b.change)
from (
    values
    ($$update product.products set slug = 'Mug'$$),
    ($$update product.products set slug = repeat('s', 101)$$),
    ($$update product.products set brand = ''$$),
    ($$update product.products set brand = repeat('b', 201)$$),
    ($$update product.products set language = 'EN'$$),
    ($$update product.products set tags = array['']$$),
    ($$update product.products set tags = array[null]$$),
    ($$update product.products set tags = array[E'a\nb']$$),
    ($$update product.products set tags = array[repeat('t', 51)]$$),
    ($$update product.products set tags = array_fill('t'::text, '{101}')$$),
    ($$update product.products set metadata = '[]'$$),
    ($$update product.products set metadata = jsonb_build_object('m', repeat('m', 100000))$$),
    ($$update product.products set status = 'active', published_at = null$$),
    ($$update product.variants set options = '["S"]'$$),
    ($$update product.variants set options = '{"Size": 7}'$$),
    ($$update product.variants set barcode = '1234567'$$),
    ($$update product.variants set weight_grams = 0$$),
    ($$update product.product_options set name = ''$$),
    ($$update product.product_options set name = repeat('n', 101)$$),
    ($$update product.product_options set position = 0$$),
    ($$update product.option_values set value = '' where position = 1$$),
    ($$update product.option_values set value = repeat('v', 101) where position = 1$$),
    ($$update product.option_values set position = position - 1$$),
    ($$update product.specifications set position = position - 1 where position = 1$$),
    ($$update product.specifications set group_name = repeat('g', 501)$$),
    ($$update product.specifications set name = '' where position = 1$$),
    ($$update product.specifications set name = repeat('n', 501) where position = 1$$),
    ($$update product.specifications set value = ''$$),
    ($$update product.specifications set value = repeat('v', 501)$$),
    ($$update product.specifications set unit = ''$$),
    ($$update product.specifications set unit = repeat('u', 501)$$),
    ($$update product.product_images set image_no = 0 where image_no = 1$$),
    ($$update product.product_images set url = 'a.jpg' where image_no = 1$$),
    ($$update product.product_images set url = rpad('/', 2001, 'u') where image_no = 1$$),
    ($$update product.product_images set alt = repeat('a', 501)$$),
    ($$update product.product_images set position = position - 1$$),
    ($$update product.supplier_references set supplier = ''$$),
    ($$update product.supplier_references set supplier = repeat('s', 65)$$),
    ($$update product.supplier_references set reference = ''$$),
    ($$update product.supplier_references set reference = repeat('r', 201)$$),
    ($$update product.content_versions set version = 0 where version = 1$$),
    ($$update product.content_versions set snapshot = '[]'$$),
    ($$update product.content_versions set fields = '{}'$$),
    ($$update product.content_versions set summary = ''$$),
    ($$update product.content_versions set summary = repeat('s', 501)$$),
    ($$update product.content_drafts set content = '[]'$$),
    ($$update product.content_drafts set summary = ''$$),
    ($$update product.content_drafts set summary = repeat('s', 501)$$)
) as b (change);

-- case: what is there once is there once
select throws_ok(b.change, b.sqlstate, null, b.change)
from (
    values
    ($$update product.products set slug = 'mug'$$, '23505'),
    ($$update product.variants set options = '{"Size": "S"}'$$, '23505'),
    ($$update product.variants set barcode = '12345678'$$, '23505'),
    ($$update product.option_values set value = 'S'$$, '23505'),
    ($$update product.option_values set position = 1$$, '23505'),
    ($$update product.specifications set name = 'Height'$$, '23505'),
    ($$update product.specifications set position = 1$$, '23505'),
    ($$update product.product_images set url = '/a.jpg'$$, '23505'),
    ($$update product.product_images set position = 1$$, '23505'),
    ($$update product.product_images set image_no = 1$$, '23505'),
    ($$update product.product_images set is_primary = true$$, '23P01'),
    ($$update product.content_versions set version = 1$$, '23505'),
    (
        $$
        insert into product.product_options (product_id, name, position)
        select o.product_id, o.name, 9 from product.product_options as o
        $$,
        '23505'
    ),
    (
        $$
        insert into product.product_options (product_id, name, position)
        select o.product_id, 'Colour', o.position from product.product_options as o
        $$,
        '23505'
    ),
    ('insert into product.supplier_references table product.supplier_references', '23505'),
    ('insert into product.content_drafts table product.content_drafts', '23505')
) as b (change, sqlstate);

-- case: what they belong to has to be there
select throws_ok(b.change, '23503', null, b.change)
from (
    values
    ('update product.option_values set product_id = 0'),
    ('insert into product.product_options values (0, ''Size'', 1)'),
    ('update product.specifications set product_id = 0'),
    ('update product.product_images set product_id = 0'),
    ('update product.product_images set variant_id = 0'),
    ('update product.supplier_references set product_id = 0'),
    ('update product.content_versions set product_id = 0 where version = 3'),
    ('update product.content_drafts set product_id = 0')
) as b (change);

-- case: one statement may swap places, and give an option another name
select lives_ok('update product.product_images set position = 3 - position', 'images');
select lives_ok('update product.option_values set position = 3 - position', 'values');
select lives_ok($$update product.product_options set name = 'Form'$$, 'an option');
select is(count(*), 2, 'with its values')
from product.option_values as v
where v.option_name = 'Form';

-- case: a specification that belongs to no group says so
insert into product.specifications (product_id, position, name, value)
select p.product_id, 3, 'Depth', '7'
from product.products as p
where p.code = 'MUG';
select is(s.group_name, '')
from product.specifications as s
where s.position = 3;

-- case: an image outlives its variant, and what is a product's own goes with it
update product.product_images
set variant_id = (select v.variant_id from product.variants as v where v.sku = 'M-S');
select lives_ok('delete from product.variants', 'variants');
select results_eq(
    'select variant_id from product.product_images', array[null, null]::bigint[], 'the images stay'
);
select lives_ok($$delete from product.products where code = 'MUG'$$, 'the product');
