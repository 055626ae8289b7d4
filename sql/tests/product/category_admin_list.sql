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

-- case: editors see all categories, archived ones and those below them too
select results_eq(
    $$
    select c.slug, c.parent_slug, c.status, c.position, c.depth, c.version, c.updated_by
    from product.category_admin_list as c
    where c.slug in ('mugs', 'old', 'rare')
    order by c.slug
    $$,
    $$
    values
    ('mugs', 'kitchen', 'active', 2, 2, 2::bigint, 'staff:anna'),
    ('old', 'mugs', 'archived', 0, 3, 2, 'staff:anna'),
    ('rare', 'old', 'active', 0, 4, 1, 'staff:anna')
    $$
);
