-- Every product has its search document, and it says what the product is. Bands of prices that are
-- over may be left in it; those of prices now and to come may not be missing.
with batches as (
    select array_agg(p.product_id) as product_ids
    from product.products as p
    group by p.product_id / 1000
)

select
    p.code as object,
    jsonb_strip_nulls(jsonb_build_object(
        'is_missing', d.product_id is null,
        'is_listed', d.is_listed,
        'must_be_listed', n.is_listed,
        'words', nullif(d.words, n.words)::text,
        'words_to_be', nullif(n.words, d.words)::text,
        'marks', to_jsonb(d.marks),
        'marks_to_be', to_jsonb(n.marks)
    )) as detail
from batches as b
cross join lateral product.search_contents(b.product_ids) as n
inner join product.products as p on p.product_id = n.product_id
left join product.search_documents as d on d.product_id = n.product_id
where not coalesce(d.is_stale, false)
and (
    (
        d.is_listed, d.language, d.words, d.name_key, d.popularity, d.rating, d.rating_count,
        d.published_at
    ) is distinct from (
        n.is_listed, n.language, n.words, n.name_key, n.popularity, n.rating, n.rating_count,
        n.published_at
    )
    or not n.marks <@ d.marks
    or exists (
        select
        from unnest(d.marks) as m (mark)
        where m.mark not like 'm%' and m.mark <> all(n.marks)
    )
)
