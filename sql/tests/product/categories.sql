-- setup: a (b (c)), d
select product.create_category('a', 'A');
select product.create_category('b', 'B', 'a');
select product.create_category('c', 'C', 'b');
select product.create_category('d', 'D');

-- case: whatever a function forgets, the table refuses a tree that is none
select throws_ok(b.change, b.sqlstate, null, b.title)
from (
    values
    (
        $$
        update product.categories as c
        set parent_id = p.category_id, parent_path = p.path
        from product.categories as p
        where c.slug = 'a' and p.slug = 'c'
        $$,
        '23514', 'a category below its grandchild'
    ),
    (
        $$
        update product.categories as c
        set parent_id = p.category_id, parent_path = array[p.category_id]
        from product.categories as p
        where c.slug = 'd' and p.slug = 'c'
        $$,
        '23503', 'a path that its parent does not have'
    ),
    (
        $$update product.categories set parent_id = null where slug = 'c'$$, '23514',
        'a path without a parent'
    ),
    (
        $$update product.categories set parent_path = '{}' where slug = 'c'$$, '23514',
        'a parent without a path'
    ),
    (
        $$update product.categories set parent_path = array_fill(1::bigint, '{100}')$$, '23514',
        'a hundred levels'
    ),
    (
        $$update product.categories set description = repeat('d', 10001)$$, '23514', 'a long text'
    ),
    ($$update product.categories set status = 'draft'$$, '23514', 'an unknown status')
) as b (change, sqlstate, title);

-- case: what others stand below cannot be deleted
select throws_like(
    $$delete from product.categories where slug = 'a'$$, '%violates%foreign key constraint%'
);

-- case: a hundred levels are one too many even where every path is right
alter table product.categories
drop constraint categories_parent_id_parent_path_fkey,
drop constraint categories_parent_path_ends_with_parent_check;
select throws_ok(
    $$
    update product.categories
    set parent_path = (select array_agg(n::bigint) from generate_series(1001, 1100) as n)
    $$,
    '23514', null
);

-- case: a category cannot stand below itself even where no parent says so
alter table product.categories
drop constraint categories_parent_id_parent_path_fkey,
drop constraint categories_parent_path_ends_with_parent_check;
select throws_ok(
    'update product.categories set parent_path = array[category_id], parent_id = null', '23514',
    null
);

-- case: a parent is another category even where no path says so
alter table product.categories
drop constraint categories_parent_id_parent_path_fkey,
drop constraint categories_parent_path_ends_with_parent_check;
select throws_ok('update product.categories set parent_id = category_id', '23514', null);

-- case: a move of one row carries the path to all below it
update product.categories as c
set parent_id = p.category_id, parent_path = p.path
from product.categories as p
where c.slug = 'b' and p.slug = 'd';
select results_eq(
    $$select b.slug from product.list_breadcrumb('c') as b$$, array['d', 'b', 'c']
);

-- case: the key with the path is there once, for the foreign key
select throws_ok(
    $$
    insert into product.categories (category_id, slug, name, updated_by)
    overriding system value
    select c.category_id, 'x', 'X', 'test' from product.categories as c where c.slug = 'd'
    $$,
    '23505', null
);
