create or replace view inventory.supplier_item_list with (security_barrier = true) as
select
    i.variant_id,
    v.sku,
    s.code as supplier,
    i.supplier_sku,
    i.cost,
    i.currency,
    i.min_quantity,
    i.pack_size,
    coalesce(i.lead_time_days, s.lead_time_days) as lead_time_days,
    i.is_preferred,
    i.is_active and s.is_active as is_active,
    i.version,
    i.updated_at,
    i.updated_by
from inventory.supplier_items as i
inner join inventory.inventory_suppliers as s on s.supplier_id = i.supplier_id
inner join product.variants as v on v.variant_id = i.variant_id;

comment on view inventory.supplier_item_list is
'What suppliers sell and for how much; the lead time is the item''s, else the supplier''s. Replica:
yes.';
grant select on inventory.supplier_item_list to inventory_editor;
