create or replace view inventory.transfer_list with (security_barrier = true) as
select
    t.transfer_id,
    t.variant_id,
    v.sku,
    f.code as from_location,
    l.code as to_location,
    t.quantity,
    t.out_seq,
    t.in_seq,
    t.reference,
    t.actor,
    t.request_id,
    t.created_at
from inventory.stock_transfers as t
inner join product.variants as v on v.variant_id = t.variant_id
inner join inventory.locations as f on f.location_id = t.from_location_id
inner join inventory.locations as l on l.location_id = t.to_location_id;

comment on view inventory.transfer_list is
'Units that went from one location to another; out_seq and in_seq are their movements. Replica:
yes.';
grant select on inventory.transfer_list to inventory_editor;
