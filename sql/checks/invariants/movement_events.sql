-- Every movement has written its event.
-- Looks at those of the last day: older events may have been delivered and dropped.
select
    m.variant_id || '@' || m.location_id || '#' || m.seq as object,
    jsonb_build_object('kind', m.kind, 'events', count(e.event_id)) as detail
from inventory.inventory_movements as m
left join events.outbox_events as e
    on e.event_type = 'stock.moved' and e.aggregate_id = m.variant_id and e.aggregate_seq = m.seq
    and (e.payload ->> 'location_id')::bigint = m.location_id
where m.created_at > clock_timestamp() - interval '1 day'
group by m.variant_id, m.location_id, m.seq, m.kind
having count(e.event_id) <> 1
