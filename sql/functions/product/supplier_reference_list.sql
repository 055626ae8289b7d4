create or replace view product.supplier_reference_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    r.supplier,
    r.reference
from product.supplier_references as r
inner join product.products as p on p.product_id = r.product_id;

comment on view product.supplier_reference_list is
'What suppliers call products. For editors. Replica: yes.';
grant select on product.supplier_reference_list to product_editor;
