create or replace view inventory.receipt_list with (security_barrier = true) as
select
    r.receipt_id,
    r.variant_id,
    v.sku,
    s.code as supplier,
    l.code as location,
    r.quantity,
    r.defective,
    r.ordered_on,
    r.due_on,
    r.received_at,
    r.is_on_time,
    r.seq,
    r.reference,
    r.actor,
    r.request_id,
    r.created_at
from inventory.supplier_receipts as r
inner join product.variants as v on v.variant_id = r.variant_id
inner join inventory.inventory_suppliers as s on s.supplier_id = r.supplier_id
inner join inventory.locations as l on l.location_id = r.location_id;

comment on view inventory.receipt_list is
'What suppliers delivered; seq is the movement by which the good units came in. Replica: yes.';
grant select on inventory.receipt_list to inventory_editor;
