-- No owner holds a variant more often than the limit that was in force.
select
    r.owner || ' ' || r.variant_id as object,
    jsonb_build_object('holds', count(*), 'limit', max(r.slot_limit)) as detail
from inventory.inventory_reservations as r
where r.status = 'active' and r.owner not like 'order:%'
group by r.owner, r.variant_id
having count(*) > max(r.slot_limit) or count(*) <> count(distinct r.slot)
