create or replace view product.category_admin_list with (security_barrier = true) as
select
    c.category_id,
    c.slug,
    c.name,
    p.slug as parent_slug,
    c.status,
    c.description,
    c.position,
    cardinality(c.path) as depth,
    c.version,
    c.created_at,
    c.updated_at,
    c.updated_by
from product.categories as c
left join product.categories as p on p.category_id = c.parent_id;

comment on view product.category_admin_list is
'All categories, archived ones too. For editors. Replica: yes.';
grant select on product.category_admin_list to product_editor;
