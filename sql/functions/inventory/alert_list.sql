create or replace view inventory.alert_list with (security_barrier = true) as
select
    a.alert_id,
    a.variant_id,
    v.sku,
    l.code as location,
    a.kind,
    a.closed_at is null as is_open,
    a.threshold,
    a.observed,
    a.opened_at,
    a.closed_at,
    a.closed_observed
from inventory.inventory_alerts as a
inner join product.variants as v on v.variant_id = a.variant_id
inner join inventory.locations as l on l.location_id = a.location_id;

comment on view inventory.alert_list is
'Alerts of low stock, no stock and too much stock, open ones and past ones. Replica: yes.';
grant select on inventory.alert_list to inventory_editor;
