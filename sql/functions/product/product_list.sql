create or replace view product.product_list with (security_barrier = true) as
select
    p.product_id,
    p.public_id,
    p.code,
    p.slug,
    p.name,
    p.description,
    p.brand,
    p.language,
    p.tags,
    c.slug as category_slug,
    p.version,
    p.published_at,
    p.updated_at
from product.products as p
left join product.categories as c
    on c.category_id = p.category_id
    and not exists (
        select
        from product.categories as a
        where a.category_id = any(c.path) and a.status <> 'active'
    )
where p.status = 'active';

comment on view product.product_list is
'Products that customers may see; the category is null where that is hidden. Replica: yes.';
grant select on product.product_list to product_service;
