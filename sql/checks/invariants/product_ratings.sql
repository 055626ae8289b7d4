-- The rating of a product is that of its approved reviews.
select
    p.code as object,
    jsonb_build_object(
        'rating_sum', p.rating_sum, 'rating_count', p.rating_count,
        'sum_of_reviews', coalesce(r.rating_sum, 0), 'reviews', coalesce(r.rating_count, 0)
    ) as detail
from product.products as p
left join (
    select
        v.product_id,
        sum(v.rating) as rating_sum,
        count(*) as rating_count
    from product.product_reviews as v
    where v.status = 'approved'
    group by v.product_id
) as r on r.product_id = p.product_id
where (p.rating_sum, p.rating_count)
is distinct from (coalesce(r.rating_sum, 0), coalesce(r.rating_count, 0))
