create or replace view product.image_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    i.position,
    i.url,
    i.alt,
    i.is_primary,
    v.sku
from product.product_images as i
inner join product.products as p on p.product_id = i.product_id
left join product.variants as v on v.variant_id = i.variant_id
where p.status = 'active' and v.is_active is not false;

comment on view product.image_list is
'The images of products that customers may see; sku is the variant that one shows. Replica: yes.';
grant select on product.image_list to product_service;
