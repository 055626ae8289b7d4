create or replace view product.specification_admin_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    s.position,
    s.group_name,
    s.name,
    s.value,
    s.unit
from product.specifications as s
inner join product.products as p on p.product_id = s.product_id;

comment on view product.specification_admin_list is
'The specifications of all products. For editors. Replica: yes.';
grant select on product.specification_admin_list to product_editor;
