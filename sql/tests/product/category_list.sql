-- case: categories are listed with the slug of the one above
select product.create_category('kitchen', 'Kitchen');
select product.create_category('mugs', 'Mugs', 'kitchen');
select results_eq(
    $$
    select c.slug, c.name, c.parent_slug, c.version
    from product.category_list as c
    order by c.slug
    $$,
    $$values ('kitchen', 'Kitchen', null, 1::bigint), ('mugs', 'Mugs', 'kitchen', 1::bigint)$$
);
select results_eq(
    'select c.category_id from product.category_list as c order by 1',
    'select c.category_id from product.categories as c order by 1'
);
