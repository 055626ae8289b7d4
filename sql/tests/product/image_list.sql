-- setup: a mug that is active, a draft and an archived one, with all that a page has
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_product(g.code, format('{
    "name": %s, "description": "Holds tea.", "category": "kitchen", "slug": %s, "brand": "Brown",
    "tags": ["tea"], "metadata": {"margin": 0.4},
    "options": [{"name": "Size", "values": ["L", "S"]}, {"name": "Colour", "values": []}],
    "specifications": [
        {"name": "Height", "value": "9", "unit": "cm"},
        {"group": "Care", "name": "Dishwasher", "value": "yes"}
    ],
    "images": [{"url": "/a.jpg", "alt": "A"}, {"url": "/b.jpg", "is_primary": true}],
    "suppliers": [{"supplier": "ACME", "reference": "7"}]
}', to_jsonb(initcap(g.code)), to_jsonb(lower(g.code)))::jsonb)
from (values ('MUG'), ('DRAFT'), ('OLD')) as g (code);
select product.create_variant(
    g.code, format('{"sku": "%s-S", "name": "S", "options": {"Size": "S"}}', g.code)::jsonb, 1
)
from (values ('MUG'), ('DRAFT'), ('OLD')) as g (code);
select product.set_price('MUG-S', 'EUR', 7, 0);
select product.set_product_status('MUG', 'active', 2);
select product.set_product_status('OLD', 'archived', 2);

-- case: the images of active products are listed
select results_eq(
    $$
    select i.product_code, i.position, i.url, i.alt, i.is_primary, i.sku
    from product.image_list as i
    order by i.position
    $$,
    $$values ('MUG', 1, '/a.jpg', 'A', false, null), ('MUG', 2, '/b.jpg', '', true, null)$$
);

-- case: one of a variant that is not sold is not listed
select product.update_product(
    'MUG', '{"images": [{"url": "/a.jpg", "sku": "MUG-S"}, {"url": "/b.jpg"}]}', 3
);
select is(i.sku, 'MUG-S') from product.image_list as i where i.url = '/a.jpg';
select product.update_variant('MUG-S', '{"is_active": false}', 1);
select bag_eq('select i.url from product.image_list as i', array['/b.jpg']);
