-- Reservations point at stock, users and orders that exist. Hot inserts carry no foreign keys, so
-- this query is what watches over them. An order with a number that was never given out here is
-- kept elsewhere.
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
union all
select
    r.variant_id || '-' || r.reservation_id,
    jsonb_build_object('variant_id', r.variant_id, 'owner', r.owner)
from inventory.inventory_reservations as r
left join orders.orders as o on 'order:' || o.order_id = r.owner
cross join orders.orders_order_id_seq as s
where r.owner like 'order:%' and o.order_id is null
and substr(r.owner, 7)::numeric between 1000000001 and s.last_value
