-- setup: a mug with two images
select product.create_product('MUG', '{
    "name": "Mug", "images": [{"url": "/a.jpg"}, {"url": "/b.jpg"}]
}');
select product.create_product('CUP', '{"name": "Cup"}');

-- case: whoever writes, a product with images has a primary one
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ('update product.product_images set is_primary = false', 'no primary'),
    ('delete from product.product_images where is_primary', 'the primary deleted'),
    (
        $$
        insert into product.product_images (product_id, image_no, url, position, is_primary)
        select p.product_id, 1, '/c.jpg', 1, false from product.products as p where p.code = 'CUP'
        $$,
        'a first image that is not the primary'
    )
) as b (change, title);

-- case: one statement may swap the primary, or take all images
select lives_ok('update product.product_images set is_primary = not is_primary', 'swapped');
select lives_ok('delete from product.product_images', 'all taken');
