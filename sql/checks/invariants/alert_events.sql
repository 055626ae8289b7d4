-- An alert has written its events: one when it opened, one when it closed.
-- Looks at those of the last day: older events may have been delivered and dropped.
select
    a.variant_id || '-' || a.alert_id as object,
    jsonb_build_object('kind', a.kind, 'event', w.event_type, 'events', count(e.event_id)) as detail
from inventory.inventory_alerts as a
cross join lateral (
    values
    ('alert.opened', a.opened_at, 1),
    ('alert.closed', a.closed_at, 2)
) as w (event_type, happened_at, seq)
left join events.outbox_events as e
    on e.event_type = w.event_type and e.aggregate_id = a.alert_id and e.aggregate_seq = w.seq
where w.happened_at > clock_timestamp() - interval '1 day'
group by a.variant_id, a.alert_id, a.kind, w.event_type
having count(e.event_id) <> 1
