-- What the search documents of products have to be: the same wherever the rows lie, because
-- ops.invariant_search_documents compares it.
create or replace function product.search_contents(p_product_ids bigint[])
returns table (
    product_id bigint, is_listed boolean, language text, words tsvector, marks text[],
    name_key text, popularity bigint, rating numeric, rating_count bigint,
    published_at timestamptz
)
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select
    p.product_id,
    l.is_listed,
    p.language,
    case when l.is_listed then t.words else '' end,
    case when l.is_listed then m.marks else '{}' end,
    case when l.is_listed then left(product.fold_text(p.name), 200) else '' end,
    f.popularity,
    f.rating,
    p.rating_count,
    coalesce(p.published_at, '-infinity')
from product.products as p
cross join lateral (
    select
        array_agg(v.variant_id) as variant_ids,
        array_agg(v.sku order by v.variant_id)
        || array_agg(v.barcode order by v.variant_id) filter (where v.barcode is not null)
            as codes,
        string_agg(v.name, ' ' order by v.variant_id) filter (where v.name <> p.name) as names
    from product.variants as v
    where v.product_id = p.product_id and v.is_active
) as v
cross join lateral (
    select p.status = 'active' and v.variant_ids is not null as is_listed
) as l
cross join lateral (
    select
        p.rating_count + coalesce(max(x.popularity), 0) as popularity,
        coalesce(round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2), 0) as rating
    from product.product_popularity as x
    where x.product_id = p.product_id
) as f
cross join lateral (
    select
        string_agg(distinct a.name || ' ' || a.value, ' ') as words,
        array_agg(distinct product.search_mark('attribute', a.name, a.value)) as marks
    from (
        select s.name, concat_ws(' ', s.value, s.unit) as value
        from product.specifications as s
        where s.product_id = p.product_id
        union all
        select o.key, o.value
        from product.variants as r
        cross join lateral jsonb_each_text(r.options) as o
        where r.product_id = p.product_id and r.is_active
    ) as a
) as a
-- Cut off far beyond what a page shows: a vector of words has to stay below a megabyte.
left join lateral (
    select
        setweight(to_tsvector(c.configuration, p.name), 'A')
        || setweight(to_tsvector(c.configuration, left(concat_ws(
            ' ', p.code, p.brand, array_to_string(p.tags, ' '), array_to_string(v.codes, ' ')
        ), 50000)), 'B')
        || setweight(
            to_tsvector(c.configuration, left(concat_ws(' ', v.names, a.words), 50000)), 'C'
        )
        || setweight(to_tsvector(c.configuration, left(p.description, 50000)), 'D')
        -- Codes in one piece as well: the parser takes them apart at every hyphen.
        || array_to_tsvector(array(
            select product.fold_text(k.code)
            from unnest(v.codes[:1000] || p.code) as k (code)
        ))
        -- No text gives a word with a blank: product.search_query asks for a language by it.
        || array_to_tsvector(array[' ' || p.language]) as words
    from product.search_configuration(p.language) as c (configuration)
    where l.is_listed
) as t on true
cross join lateral (
    select
        array(
            select 'c' || p.category_id where p.category_id is not null
            union
            select product.search_mark('tag', g.tag) from unnest(p.tags) as g (tag)
            union
            select unnest(a.marks)
            union
            select 'l' || p.language
            union
            select product.search_mark('price', x.currency, x.amount::text)
            from product.prices as x
            where x.variant_id = any (v.variant_ids)
            and x.min_quantity = 1
            and not isempty(x.validity)
            and (upper_inf(x.validity) or upper(x.validity) > statement_timestamp())
            union
            select 'r' || s.stars from generate_series(1, 5) as s (stars) where f.rating >= s.stars
            union
            select 'p' || s.level
            from generate_series(0, 15) as s (level)
            where f.popularity >= 4::double precision ^ s.level
            union
            -- Multiplied by the golden ratio, so that keys in a row are spread evenly.
            select 's' || s.level
            from generate_series(1, 12) as s (level)
            where (p.product_id & 2147483647) * 2654435761 & 4294967295 < 4294967296 >> s.level
            order by 1
        ) as marks
) as m
where p.product_id = any (p_product_ids);
$function$;

comment on function product.search_contents(bigint[]) is
'A row a product: what its search document has to be, as product.search_documents describes it.';
