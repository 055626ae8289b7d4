-- A catalogue of %(variants)s variants, five of a product: product n has the code P<n>, variant n the
-- SKU S<n>. Written past the functions, because a million calls would measure something else, but
-- with every constraint and trigger on.
insert into product.categories (category_id, parent_id, parent_path, slug, name, updated_by)
overriding system value
select
    n,
    case when n > 20 then mod(n, 20) + 1 end,
    case when n > 20 then array[mod(n, 20)::bigint + 1] else '{}' end,
    'c-' || n,
    'Category ' || n,
    'bench'
from generate_series(1, 500) as n;

insert into product.products (
    product_id, code, slug, category_id, name, description, brand, status, tags, metadata, version,
    published_at, updated_at, updated_by, rating_sum, rating_count
)
overriding system value
select
    n,
    'P' || n,
    'p-' || n,
    mod(n, 500) + 1,
    -- A made-up word a product, because a shop knows many.
    concat_ws(' ', c.colour, t.thing, translate(left(md5(n::text), 9), '0123456789', 'ghijklmnop')),
    'It is ' || c.colour || ' and has much to be said for it, as any ' || t.thing || ' has.',
    'Brand ' || mod(n, 100),
    case mod(n, 100) when 98 then 'archived' when 99 then 'draft' else 'active' end,
    array['tag-' || mod(n, 1000)],
    jsonb_build_object('season', 'winter-' || mod(n, 1000)),
    1,
    now() - mod(n, 1000) * interval '1 day',
    now() - mod(n, 1000) * interval '1 minute',
    'bench',
    8,
    2
from generate_series(1, %(variants)s / 5) as n
cross join lateral (
    select (array['Red', 'Blue', 'Green', 'White', 'Black', 'Amber', 'Grey'])[mod(n, 7) + 1] as colour
) as c
cross join lateral (
    select (array[
        'teapot', 'lantern', 'hanger', 'candle', 'jug', 'cushion', 'clock', 'mug', 'tray', 'bowl', 'basket'
    ])[mod(n / 7, 11) + 1] as thing
) as t;

insert into product.product_options (product_id, name, position)
select n, 'Size', 1 from generate_series(1, %(variants)s / 5) as n;
insert into product.option_values (product_id, option_name, value, position)
select n, 'Size', s::text, s
from generate_series(1, %(variants)s / 5) as n
cross join generate_series(1, 5) as s;

insert into product.variants (variant_id, product_id, sku, name, options, barcode, position, updated_by)
overriding system value
select
    n,
    (n - 1) / 5 + 1,
    'S' || n,
    'Size ' || mod(n - 1, 5) + 1,
    jsonb_build_object('Size', (mod(n - 1, 5) + 1)::text),
    (20000000 + n)::text,
    mod(n - 1, 5) + 1,
    'bench'
from generate_series(1, %(variants)s) as n;

insert into product.price_lists (price_list_id, code, name, kind, priority, updated_by)
overriding system value
values (2, 'sale', 'Sale', 'sale', 10, 'bench'), (3, 'summer', 'Summer', 'sale', 20, 'bench');
insert into product.prices (
    price_id, variant_id, price_list_id, currency, amount, max_amount, updated_by
)
overriding system value
select n, n, 1, 'GBP', mod((n - 1) / 5, 40) + 5.99, 100000, 'bench'
from generate_series(1, %(variants)s) as n;
-- Prices to come, for every hundredth variant.
insert into product.prices (
    price_id, variant_id, price_list_id, currency, amount, max_amount, validity, updated_by
)
overriding system value
select
    %(variants)s + n, n, 2, 'GBP', 5.49, 100000, tstzrange('2040-01-01', '2040-02-01'), 'bench'
from generate_series(1, %(variants)s, 100) as n;
insert into product.price_history (variant_id, price_id, version, amount, validity, changed_by)
select p.variant_id, p.price_id, p.version, p.amount, p.validity, p.updated_by
from product.prices as p;
insert into product.product_images (product_id, image_no, url, position, is_primary)
select n, s, '/images/' || n || '-' || s || '.jpg', s, s = 1
from generate_series(1, %(variants)s / 5) as n
cross join generate_series(1, 2) as s;
insert into product.specifications (product_id, position, name, value, unit)
select n, 1, 'Height', (mod(n, 90) + 10)::text, 'cm'
from generate_series(1, %(variants)s / 5) as n;
insert into product.supplier_references (product_id, supplier, reference)
select n, 'SUP' || mod(n, 50) + 1, 'R-' || n
from generate_series(1, %(variants)s / 5) as n;
insert into product.product_popularity (product_id, popularity, updated_by)
select n, (1000000 / n)::integer, 'bench'
from generate_series(1, %(variants)s / 5) as n;
insert into product.content_versions (product_id, version, snapshot, fields, summary, author)
select n, 1, product.snapshot(n), '["name"]', 'Loaded', 'bench'
from generate_series(1, %(variants)s / 5) as n;
insert into product.content_drafts (product_id, content, base_version, summary, updated_by)
select n, '{"brand": "Brand of tomorrow"}', 1, 'Planned', 'bench'
from generate_series(1, %(variants)s / 5, 10) as n;

insert into inventory.locations (location_id, code, name, rank, updated_by)
overriding system value
values (2, 'TOWN', 'Shop in town', 2, 'bench');
insert into inventory.inventory_categories (category_id, code, name, abc_class, count_every_days, updated_by)
overriding system value
select n, 'K' || n, 'Category ' || n, (array['A', 'B', 'C'])[mod(n, 3) + 1], 30, 'bench'
from generate_series(101, 103) as n;
-- Every stock row has begun with a receipt; all is in MAIN.
with stock as (
    insert into inventory.inventory (
        variant_id, location_id, on_hand, max_on_hand, min_stock_level, last_seq, category_id,
        last_updated_by
    )
    select
        n,
        l.location_id,
        r.on_hand,
        1000000,
        5,
        1,
        case when mod(n, 20) = 0 then 101 + mod(n / 20, 3) end,
        'bench'
    from generate_series(1, %(variants)s) as n
    inner join inventory.locations as l on l.code = 'MAIN'
    cross join lateral (select case when mod(n, 50) = 0 then 3 else 100000 end as on_hand) as r
    returning variant_id, location_id, on_hand
),
buckets as (
    insert into inventory.stock_buckets (variant_id, location_id, bucket, available, low_mark)
    select s.variant_id, s.location_id, 0, s.on_hand, 5 from stock as s
)
insert into inventory.inventory_movements (
    variant_id, location_id, seq, kind, on_hand_before, on_hand_delta, on_hand_after,
    damaged_before, damaged_after, actor, created_at
)
select
    s.variant_id, s.location_id, 1, 'receipt', 0, s.on_hand, s.on_hand, 0, 0, 'bench',
    now() - interval '30 days'
from stock as s;

insert into inventory.inventory_suppliers (supplier_id, code, name, lead_time_days, updated_by)
overriding system value
select n, 'SUP' || n, 'Supplier ' || n, 7, 'bench' from generate_series(1, greatest(50, %(variants)s / 500)) as n;
insert into inventory.supplier_items (
    variant_id, supplier_id, cost, currency, is_preferred, updated_by
)
select n, mod(n, greatest(50, %(variants)s / 500)) + 1, 2.5, 'GBP', true, 'bench'
from generate_series(1, %(variants)s) as n;
insert into inventory.supplier_receipts (
    variant_id, supplier_id, location_id, quantity, defective, ordered_on, due_on, received_at,
    received_on, seq, actor
)
select
    i.variant_id, mod(i.variant_id, greatest(50, %(variants)s / 500)) + 1, 1, i.on_hand, 0, r.day - 9, r.day - 2,
    now() - interval '30 days', r.day, 1, 'bench'
from inventory.inventory as i
cross join lateral (select ((now() - interval '30 days') at time zone 'UTC')::date as day) as r;
insert into inventory.inventory_alerts (
    variant_id, location_id, kind, threshold, observed, opened_at, actor
)
select n, 1, 'low_stock', 5, 3, now() - interval '1 day', 'bench'
from generate_series(50, %(variants)s, 50) as n;
insert into inventory.stock_counts (
    count_id, location_id, status, created_by, closed_at, updated_by
)
overriding system value
select n, 1, 'cancelled', 'bench', now(), 'bench'
from generate_series(1, greatest(%(variants)s / 1000, 1)) as n;
insert into inventory.stock_count_lines (
    variant_id, count_id, location_id, status, expected, expected_seq, counted, counted_by
)
select n, (n - 1) / 1000 + 1, 1, 'cancelled', 100, 1, 100, 'bench'
from generate_series(1, %(variants)s / 1000 * 1000) as n;
insert into inventory.inventory_analytics (
    variant_id, day, opening, received, sold, returned, adjusted, transferred, closing,
    sellable_closing, stockout_minutes
)
select n, ((now() - interval '30 days') at time zone 'UTC')::date, 0, s.on_hand, 0, 0, 0, 0, s.on_hand, s.on_hand, 0
from generate_series(1, %(variants)s) as n
cross join lateral (select case when mod(n, 50) = 0 then 3 else 100000 end as on_hand) as s;
insert into inventory.analytics_progress (variant_id, location_id, seq)
select n, 1, 1 from generate_series(1, %(variants)s) as n;
