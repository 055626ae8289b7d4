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

-- case: the tree is listed in the order of a menu, without what is hidden
select results_eq(
    'select s.slug, s.parent_slug, s.depth from product.list_subtree() as s',
    $$
    values
    ('garden', null, 1), ('kitchen', null, 1), ('pots', 'kitchen', 2), ('mugs', 'kitchen', 2),
    ('big', 'mugs', 3)
    $$
);

-- case: a subtree begins with its category, and ends after so many levels
select results_eq(
    $$
    select s.slug, s.name, s.parent_slug, s.depth, s.version
    from product.list_subtree('mugs') as s
    $$,
    $$values ('mugs', 'Mugs', 'kitchen', 2, 2::bigint), ('big', 'Big mugs', 'mugs', 3, 1)$$
);
select results_eq(
    $$select s.slug from product.list_subtree('kitchen', 1) as s$$, array['kitchen', 'pots', 'mugs']
);
select results_eq(
    'select s.slug from product.list_subtree(null, 0) as s', array['garden', 'kitchen']
);

-- case: what is hidden or not there is not found, and fewer levels than none are refused
select throws_ok(format('select product.list_subtree(%L)', b.slug), 'SHP03', null, b.slug)
from (values ('old'), ('rare'), ('cellar'), ('')) as b (slug);
select throws_ok('select product.list_subtree(null, -1)', '22023', null);
