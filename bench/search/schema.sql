-- A tree of 500 categories, and what the rivals search: one wide row a product with everything that
-- a page shows, so that they never join. Each has the indexes that its query can use.
insert into product.categories (parent_id, parent_path, slug, name, updated_by)
select null, '{}', 'c' || n, 'Category ' || n, 'bench' from generate_series(1, 20) as n;
insert into product.categories (parent_id, parent_path, slug, name, updated_by)
select c.category_id, c.path, c.slug || '-' || n, c.name || '.' || n, 'bench'
from product.categories as c
cross join generate_series(1, 24) as n;
analyze product.categories;

drop schema if exists rival cascade;
create schema rival;
create table rival.products (
    product_id bigint primary key,
    sku text not null,
    name text not null,
    tags text[] not null,
    content text not null,
    top_category_id bigint not null,
    price numeric not null,
    stock integer not null,
    popularity integer not null,
    words tsvector not null
);
