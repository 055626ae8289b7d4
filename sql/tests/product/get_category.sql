-- setup: kitchen (pots, mugs (big, old, archived (rare))), garden; pots stand first
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_category('garden', 'Garden');
select product.create_category('mugs', 'Mugs', 'kitchen');
select product.create_category('pots', 'Pots', 'kitchen');
select product.create_category('old', 'Old mugs', 'mugs');
select product.create_category('big', 'Big mugs', 'mugs');
select product.create_category('rare', 'Rare mugs', 'old');
select product.set_category_status('old', 'archived', 1);
select product.update_category('mugs', '{"position": 2}', 1);
select product.update_category('pots', '{"position": 1}', 1);

-- case: breadcrumb and subtree come in one call
select is(g -> 'breadcrumb', '[
    {"slug": "kitchen", "name": "Kitchen"}, {"slug": "mugs", "name": "Mugs"}
]'::jsonb)
from product.get_category('mugs') as g;
select results_eq(
    $$
    select t.value ->> 'slug', t.value -> 'depth', t.value ->> 'parent_slug'
    from jsonb_array_elements(product.get_category('kitchen') -> 'subtree') as t
    $$,
    $$
    values
    ('kitchen', '1'::jsonb, null), ('pots', '2', 'kitchen'), ('mugs', '2', 'kitchen'),
    ('big', '3', 'mugs')
    $$
);

-- case: what is hidden or not there is not found; a page needs a category
select throws_ok(format('select product.get_category(%L)', b.slug), 'SHP03', null, b.slug)
from (values ('old'), ('rare'), ('cellar'), (null)) as b (slug);
