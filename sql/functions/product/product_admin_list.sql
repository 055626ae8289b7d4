create or replace view product.product_admin_list with (security_barrier = true) as
select
    p.product_id,
    p.public_id,
    p.code,
    p.slug,
    p.name,
    p.description,
    p.status,
    p.brand,
    p.language,
    p.tags,
    p.metadata,
    c.slug as category_slug,
    p.version,
    p.published_at,
    p.created_at,
    p.updated_at,
    p.updated_by
from product.products as p
left join product.categories as c on c.category_id = p.category_id;

comment on view product.product_admin_list is
'All products, drafts and archived ones too, with what only editors see. Replica: yes.';
grant select on product.product_admin_list to product_editor;
