-- Reservations point at stock and users that exist.
-- Hot inserts carry no foreign keys, so this query is what watches over them.
select
    r.variant_id || '-' || r.reservation_id as object,
    jsonb_build_object(
        'variant_id', r.variant_id, 'location_id', r.location_id, 'owner', r.owner
    ) as detail
from inventory.inventory_reservations as r
where not exists (
    select
    from inventory.inventory as i
    where i.variant_id = r.variant_id and i.location_id = r.location_id
)
or r.owner like 'user:%' and not exists (
    select
    from account.users as u
    where u.user_id = substr(r.owner, 6)::bigint
)
