-- setup: a mug in a size with an image of its own, and another product
select product.create_product('MUG', '{
    "name": "Mug", "options": [{"name": "Size", "values": ["S"]}]
}');
select product.create_variant('MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S"}}', 1);
select product.update_product('MUG', '{"images": [{"url": "/a.jpg", "sku": "M-S"}]}', 2);
select product.create_product('CUP', '{"name": "Cup"}');

-- case: a variant that moves leaves the options and images of the old product behind
update product.variants
set product_id = (select p.product_id from product.products as p where p.code = 'CUP');
select is(v.options, '{}'::jsonb, 'no options') from product.variants as v;
select is(i.variant_id, null, 'the image stays') from product.product_images as i;

-- case: an import that moves a variant has the same effect
select lives_ok(
    $$
    select product.import_products(
        '[{"sku": "M-S", "name": "S", "product": "CUP", "price": 7, "currency": "EUR"}]'
    )
    $$
);
select is(v.options, '{}'::jsonb, 'no options') from product.variants as v;

-- case: one that stays keeps them
update product.variants set product_id = product_id, name = 'Small';
select is(v.options, '{"Size": "S"}'::jsonb) from product.variants as v;
select isnt(i.variant_id, null) from product.product_images as i;
