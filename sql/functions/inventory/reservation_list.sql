create or replace view inventory.reservation_list with (security_barrier = true) as
select
    r.variant_id || '-' || r.reservation_id as reservation,
    r.variant_id,
    r.reservation_id,
    v.sku,
    l.code as location,
    r.owner,
    r.status,
    r.status = 'active' and r.expires_at <= pg_catalog.clock_timestamp() as is_overdue,
    r.quantity,
    r.open_quantity,
    r.shipped_quantity,
    r.expires_at,
    r.created_at,
    r.closed_at,
    r.actor
from inventory.inventory_reservations as r
inner join product.variants as v on v.variant_id = r.variant_id
inner join inventory.locations as l on l.location_id = r.location_id;

comment on view inventory.reservation_list is
'Reservations with their handles; an active one that is overdue counts as available. Look one up by
variant_id and reservation_id, the two halves of its handle, or an owner''s by variant_id and owner.
Replica: yes.';
grant select on inventory.reservation_list to inventory_service;
