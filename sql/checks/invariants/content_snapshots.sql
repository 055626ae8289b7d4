-- What the newest version of a product says is what the product's tables say, but for the slug of
-- its category, which may have been renamed since.
select
    p.code as object,
    jsonb_build_object('version', p.version, 'fields', (
        select jsonb_agg(n.key order by n.key)
        from jsonb_each(s.now) as n
        where n.value is distinct from s.kept -> n.key
    )) as detail
from product.products as p
inner join product.content_versions as v
    on v.product_id = p.product_id and v.version = p.version
cross join lateral (
    select
        product.snapshot(p.product_id) - 'category' as now,
        v.snapshot - 'category' as kept
) as s
where s.now <> s.kept
