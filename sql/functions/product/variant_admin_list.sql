create or replace view product.variant_admin_list with (security_barrier = true) as
select
    v.variant_id,
    v.sku,
    v.name,
    p.code as product_code,
    p.status as product_status,
    v.is_active,
    v.options,
    v.barcode,
    v.weight_grams,
    v.position,
    v.version,
    p.version as product_version,
    v.created_at,
    v.updated_at,
    v.updated_by
from product.variants as v
inner join product.products as p on p.product_id = v.product_id;

comment on view product.variant_admin_list is
'All variants, those too that are not sold. For editors. Replica: yes.';
grant select on product.variant_admin_list to product_editor;
