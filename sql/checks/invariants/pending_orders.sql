-- No user has more pending orders than the limit that was in force, and no two are in one place.
select
    'user ' || o.user_id as object,
    jsonb_build_object(
        'pending', count(*), 'limit', max(o.pending_slots_max),
        'places', jsonb_agg(o.pending_slot order by o.order_id)
    ) as detail
from orders.orders as o
where o.status = 'pending' and o.user_id is not null and o.pending_slots_max is not null
group by o.user_id
having count(*) > max(o.pending_slots_max) or count(*) <> count(distinct o.pending_slot)
