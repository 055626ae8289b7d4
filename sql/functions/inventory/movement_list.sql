create or replace view inventory.movement_list with (security_barrier = true) as
select
    m.variant_id,
    v.sku,
    l.code as location,
    m.seq,
    m.kind,
    m.on_hand_delta,
    m.on_hand_after,
    m.damaged_delta,
    m.damaged_after,
    m.reason,
    m.reference,
    m.variant_id || '-' || m.reservation_id as reservation,
    m.actor,
    m.request_id,
    m.created_at
from inventory.inventory_movements as m
inner join product.variants as v on v.variant_id = m.variant_id
inner join inventory.locations as l on l.location_id = m.location_id;

comment on view inventory.movement_list is
'Every change of what is on hand, with its reason and actor; seq orders them per variant and
location. Replica: yes.';
grant select on inventory.movement_list to inventory_service;
