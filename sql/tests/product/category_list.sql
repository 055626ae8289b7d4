-- case: categories are listed with the slug of the one above
select product.create_category('kitchen', 'Kitchen');
select product.create_category('mugs', 'Mugs', 'kitchen');
select results_eq(
    $$
    select c.slug, c.name, c.parent_slug, c.version, c.depth
    from product.category_list as c
    order by c.slug
    $$,
    $$values ('kitchen', 'Kitchen', null, 1::bigint, 1), ('mugs', 'Mugs', 'kitchen', 1::bigint, 2)$$
);
select results_eq(
    'select c.category_id from product.category_list as c order by 1',
    'select c.category_id from product.categories as c order by 1'
);

-- case: one that is archived, or below one that is, is not listed
select product.create_category('kitchen', 'Kitchen');
select product.create_category('mugs', 'Mugs', 'kitchen');
select product.create_category('big', 'Big mugs', 'mugs');
select product.set_category_status('mugs', 'archived', 1);
select bag_eq('select c.slug from product.category_list as c', array['kitchen']);
