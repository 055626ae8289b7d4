create or replace view product.price_list_codes with (security_barrier = true) as
select
    l.price_list_id,
    l.code,
    l.name,
    l.kind,
    l.customer_group,
    l.priority,
    lower(l.validity) as valid_from,
    upper(l.validity) as valid_until,
    l.is_active,
    l.is_active and l.validity @> statement_timestamp() as is_in_force,
    l.version,
    l.created_at,
    l.updated_at,
    l.updated_by
from product.price_lists as l;

comment on view product.price_list_codes is
'The price lists, also those that do not apply now. For editors. Replica: yes.';
grant select on product.price_list_codes to product_editor;
