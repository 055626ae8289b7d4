-- Products %(first)s to %(last)s as a shop would have them after some time: a name of 5 words, a
-- description of 25, a tag, a price with the usual ending, most of them in stock, few of them popular.
with drawn as materialized (
    -- Log-uniform ranks: that is Zipf's law.
    select n, place, floor(power(200000, random()))::integer as rank
    from generate_series(%(first)s::bigint, %(last)s::bigint) as n
    cross join generate_series(1, 30) as place
),
texts as (
    select p.n, string_agg(w.word, ' ') filter (where p.place <= 5) as name,
        string_agg(w.word, ' ') filter (where p.place > 5) as description,
        min(w.word) filter (where p.place = 3) as tag
    from drawn as p
    inner join bench.words as w on w.rank = p.rank
    group by p.n
),
products as (
    insert into product.products (
        code, category_id, name, description, tags, published_at, updated_by, version,
        rating_count, rating_sum
    )
    select
        'S' || t.n, c.category_id, t.name, t.description, array[t.tag],
        clock_timestamp() - random() * interval '5 years', 'bench', 1, r.ratings,
        round(r.ratings * (3 + 2 * random()))
    from texts as t
    inner join (
        select c.category_id, row_number() over (order by c.category_id) as place
        from product.categories as c
        where c.parent_id is not null
    ) as c on c.place = 1 + (t.n * 7919) %% 480
    cross join lateral (select floor(power(1 - random(), -0.8) - 1 + 0 * t.n)::integer as ratings) as r
    returning product_id, code, name, description, category_id, tags
),
variants as (
    insert into product.variants (product_id, sku, name, updated_by)
    select p.product_id, p.code, p.name, 'bench' from products as p
    returning variant_id, product_id, sku
),
prices as (
    insert into product.prices (
        variant_id, currency, amount, max_amount, price_list_id, updated_by
    )
    select
        v.variant_id, 'GBP', floor(exp(random() * 6)) + 0.99, 100000, l.price_list_id, 'bench'
    from variants as v
    cross join product.price_lists as l
    where l.kind = 'base'
    returning variant_id, amount
),
popularity as (
    insert into product.product_popularity (product_id, popularity, updated_by)
    select p.product_id, least(power(1 - random(), -1), 1e6)::integer - 1, 'bench'
    from products as p
    returning product_id, popularity
),
stock as (
    insert into inventory.inventory (
        variant_id, location_id, on_hand, max_on_hand, min_stock_level, last_seq, last_updated_by
    )
    select
        v.variant_id, l.location_id, case when random() < 0.8 then 100 else 0 end, 10000, 5, 1, 'bench'
    from variants as v
    cross join inventory.locations as l
    where l.code = 'MAIN'
    returning variant_id, location_id, on_hand
),
buckets as (
    insert into inventory.stock_buckets (variant_id, location_id, bucket, available)
    select s.variant_id, s.location_id, 0, s.on_hand from stock as s
),
movements as (
    insert into inventory.inventory_movements (
        variant_id, location_id, seq, kind, on_hand_before, on_hand_delta, on_hand_after,
        damaged_before, damaged_after, actor
    )
    select s.variant_id, s.location_id, 1, 'opening', 0, s.on_hand, s.on_hand, 0, 0, 'bench'
    from stock as s
)
insert into rival.products
select
    p.product_id, p.code, p.name, p.tags, concat_ws(' ', p.name, p.code, p.tags[1], p.description),
    (select c.parent_id from product.categories as c where c.category_id = p.category_id),
    x.amount, s.on_hand, o.popularity,
    setweight(to_tsvector('english', p.name), 'A')
    || setweight(to_tsvector('english', p.code || ' ' || p.tags[1]), 'B')
    || setweight(to_tsvector('english', p.description), 'D')
from products as p
inner join variants as v on v.product_id = p.product_id
inner join prices as x on x.variant_id = v.variant_id
inner join stock as s on s.variant_id = v.variant_id
inner join popularity as o on o.product_id = p.product_id;
