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

-- case: the options of active products are listed, one without values too
select results_eq(
    $$
    select o.product_code, o.name, o.position, o.value, o.value_position
    from product.option_list as o
    order by o.position, o.value_position
    $$,
    $$
    values
    ('MUG', 'Size', 1, 'L', 1), ('MUG', 'Size', 1, 'S', 2), ('MUG', 'Colour', 2, null, null)
    $$
);
