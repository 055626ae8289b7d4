create or replace view product.specification_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    s.position,
    s.group_name,
    s.name,
    s.value,
    s.unit
from product.specifications as s
inner join product.products as p on p.product_id = s.product_id
where p.status = 'active';

comment on view product.specification_list is
'The specifications of products that customers may see. Replica: yes.';
grant select on product.specification_list to product_service;
