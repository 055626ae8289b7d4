create or replace view product.image_admin_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    i.image_no,
    i.position,
    i.url,
    i.alt,
    i.is_primary,
    v.sku
from product.product_images as i
inner join product.products as p on p.product_id = i.product_id
left join product.variants as v on v.variant_id = i.variant_id;

comment on view product.image_admin_list is
'The images of all products. For editors. Replica: yes.';
grant select on product.image_admin_list to product_editor;
