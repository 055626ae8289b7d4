create or replace view product.option_admin_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    o.name,
    o.position,
    v.value,
    v.position as value_position
from product.product_options as o
inner join product.products as p on p.product_id = o.product_id
left join product.option_values as v
    on v.product_id = o.product_id and v.option_name = o.name;

comment on view product.option_admin_list is
'What can be chosen of all products: a row an option and value. For editors. Replica: yes.';
grant select on product.option_admin_list to product_editor;
