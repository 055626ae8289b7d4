-- The versions of a product's content have no gap, and the newest is that of the product.
select
    p.code as object,
    jsonb_build_object(
        'version', p.version, 'oldest', v.oldest, 'newest', v.newest, 'kept', v.kept
    ) as detail
from product.products as p
left join lateral (
    select min(c.version) as oldest, max(c.version) as newest, count(*) as kept
    from product.content_versions as c
    where c.product_id = p.product_id
) as v on true
where v.newest is distinct from p.version or v.kept <> v.newest - v.oldest + 1
