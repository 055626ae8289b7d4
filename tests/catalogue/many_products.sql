-- A catalogue of 100,000 variants, written past the functions and their triggers because it is big.
set session_replication_role = replica;

insert into product.categories (parent_id, parent_path, slug, name, updated_by)
select
    p.parent_id,
    array_remove(array[p.parent_id], null),
    'category-' || n,
    'Category ' || n,
    'test'
from generate_series(1, 500) as n
cross join lateral (select case when n > 20 then n % 20 + 1 end::bigint as parent_id) as p;

insert into product.products (
    code, slug, category_id, name, description, status, tags, updated_at, updated_by, rating_sum,
    rating_count
)
select
    'P-' || n,
    'p-' || n,
    n % 500 + 1,
    'Product ' || n,
    repeat('It has much to be said for it. ', 30),
    case n % 100 when 0 then 'draft' when 1 then 'archived' else 'active' end,
    array['tag-' || n % 1000],
    '2026-01-01'::timestamptz + n % 1000 * interval '1 minute',
    'test',
    8,
    2
from generate_series(1, 20000) as n;

insert into product.variants (product_id, sku, name, options, updated_by)
select
    (n - 1) % 20000 + 1,
    'S-' || n,
    'Variant ' || n,
    jsonb_build_object('Size', n::text),
    'test'
from generate_series(1, 100000) as n;

insert into product.prices (variant_id, price_list_id, currency, amount, max_amount, updated_by)
select
    n,
    1,
    'EUR',
    n % 100 + 1,
    100000,
    'test'
from generate_series(1, 100000) as n;

insert into product.product_images (product_id, image_no, url, position, is_primary)
select
    n,
    1,
    '/' || n,
    1,
    true
from generate_series(1, 20000) as n;

insert into product.specifications (product_id, position, name, value)
select
    n,
    1,
    'Height',
    n::text
from generate_series(1, 20000) as n;

insert into product.product_options (product_id, name, position)
select
    n,
    'Size',
    1
from generate_series(1, 20000) as n;
insert into product.option_values (product_id, option_name, value, position)
select
    n,
    'Size',
    'L',
    1
from generate_series(1, 20000) as n;

insert into product.product_reviews (
    product_id, user_id, rating, title, status, moderated_at, moderated_by, updated_by
)
select
    case when n <= 10000 then 2 else n end,
    n,
    4,
    'Review ' || n,
    case when n % 1000 = 0 or n > 10000 then 'approved' else 'hidden' end,
    now(),
    'test',
    'test'
from generate_series(1, 20000) as n;

insert into inventory.inventory (
    variant_id, location_id, max_on_hand, min_stock_level, last_updated_by
)
select
    n,
    1,
    10000,
    5,
    'test'
from generate_series(1, 100000) as n;
insert into inventory.stock_buckets (variant_id, location_id, bucket, available)
select
    n,
    1,
    0,
    n % 50
from generate_series(1, 100000) as n;

insert into orders.variant_sales (variant_id, currency, units, revenue)
select
    n,
    'EUR',
    n % 100,
    n
from generate_series(1, 100000) as n;

set session_replication_role = origin;
analyze;
