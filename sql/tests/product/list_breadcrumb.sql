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

-- case: the way leads from the top to the category
select results_eq(
    $$select b.slug, b.name, b.depth from product.list_breadcrumb('big') as b$$,
    $$values ('kitchen', 'Kitchen', 1), ('mugs', 'Mugs', 2), ('big', 'Big mugs', 3)$$
);
select results_eq($$select b.slug from product.list_breadcrumb('garden') as b$$, array['garden']);

-- case: what is hidden or not there is not found
select throws_ok(format('select product.list_breadcrumb(%L)', b.slug), 'SHP03', null, b.slug)
from (values ('old'), ('rare'), ('cellar'), (''), (null)) as b (slug);
