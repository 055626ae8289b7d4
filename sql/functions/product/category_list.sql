create or replace view product.category_list with (security_barrier = true) as
select
    c.category_id,
    c.slug,
    c.name,
    p.slug as parent_slug,
    c.version,
    c.updated_at,
    c.description,
    c.position,
    cardinality(c.path) as depth
from product.categories as c
left join product.categories as p on p.category_id = c.parent_id
where not exists (
    select
    from product.categories as a
    where a.category_id = any(c.path) and a.status <> 'active'
);

comment on view product.category_list is
'Categories with the one above; none that is archived or below one that is. Replica: yes.';
grant select on product.category_list to product_service;
