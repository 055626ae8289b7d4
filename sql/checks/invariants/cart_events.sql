-- Every change of a cart has written its event: one a version, without a gap.
-- Looks at those opened in the last day: older events may have been delivered and dropped.
select
    'cart ' || c.cart_id as object,
    jsonb_build_object('version', c.version, 'events', count(e.event_id)) as detail
from cart.carts as c
left join events.outbox_events as e
    on e.aggregate_type = 'cart' and e.aggregate_id = c.cart_id
where c.created_at > clock_timestamp() - interval '1 day'
group by c.cart_id, c.version
having count(e.event_id) <> c.version or count(distinct e.aggregate_seq) <> c.version
or coalesce(max(e.aggregate_seq), 0) <> c.version
