create or replace view inventory.location_list with (security_barrier = true) as
select
    l.location_id,
    l.code,
    l.name,
    l.rank,
    l.is_active,
    l.version,
    l.updated_at
from inventory.locations as l;

comment on view inventory.location_list is 'Places that hold stock. Replica: yes.';
grant select on inventory.location_list to inventory_service;
