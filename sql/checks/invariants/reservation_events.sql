-- Every change of a reservation has written its event: one a number, without a gap.
-- Looks at those made in the last day: older events may have been delivered and dropped.
select
    r.variant_id || '-' || r.reservation_id as object,
    jsonb_build_object('seq', r.seq, 'events', count(e.event_id)) as detail
from inventory.inventory_reservations as r
left join events.outbox_events as e
    on e.aggregate_type = 'reservation' and e.aggregate_id = r.reservation_id
where r.created_at > clock_timestamp() - interval '1 day'
group by r.variant_id, r.reservation_id, r.seq
having count(e.event_id) <> r.seq or count(distinct e.aggregate_seq) <> r.seq
or max(e.aggregate_seq) <> r.seq
