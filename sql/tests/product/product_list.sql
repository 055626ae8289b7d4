-- setup: a mug that is active, a draft and an archived one, with all that a page has
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_category('attic', 'Attic');
select product.set_category_status('attic', 'archived', 1);
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

-- case: what is active is listed, and nothing that only editors see
select results_eq(
    $$
    select
        p.code, p.slug, p.name, p.description, p.brand, p.language, p.tags, p.category_slug,
        p.version
    from product.product_list as p
    $$,
    $$
    values (
        'MUG', 'mug', 'Mug', 'Holds tea.', 'Brown', 'en', array['tea'], 'kitchen', 3::bigint
    )
    $$
);
select is_empty(
    $$
    select a.attname
    from pg_attribute as a
    where a.attrelid = 'product.product_list'::regclass and a.attname in ('metadata', 'status')
    $$
);
