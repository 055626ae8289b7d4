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

-- case: editors see all variants with the versions that an edit needs
select product.update_variant('MUG-S', '{"is_active": false}', 1);
select results_eq(
    $$
    select
        v.sku, v.product_code, v.product_status, v.is_active, v.options, v.version,
        v.product_version
    from product.variant_admin_list as v
    order by v.sku
    $$,
    $$
    values
    ('DRAFT-S', 'DRAFT', 'draft', true, '{"Size": "S"}'::jsonb, 1::bigint, 2::bigint),
    ('MUG-S', 'MUG', 'active', false, '{"Size": "S"}', 2, 4),
    ('OLD-S', 'OLD', 'archived', true, '{"Size": "S"}', 1, 3)
    $$
);
