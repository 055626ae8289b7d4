-- Every change of a payment, a refund and a dispute has written its event: one a version, without a
-- gap.
-- Looks at those begun in the last day: older events may have been delivered and dropped.
select
    w.what || ' ' || w.id as object,
    jsonb_build_object('version', w.version, 'events', count(e.event_id)) as detail
from (
    select 'payment' as what, p.payment_id as id, p.version, p.created_at
    from payment.payments as p
    union all
    select 'refund', r.refund_id, r.version, r.requested_at
    from payment.refunds as r
    union all
    select 'dispute', d.dispute_id, d.version, d.opened_at
    from payment.payment_disputes as d
) as w
left join events.outbox_events as e on e.aggregate_type = w.what and e.aggregate_id = w.id
where w.created_at > clock_timestamp() - interval '1 day'
group by w.what, w.id, w.version
having count(e.event_id) <> w.version or count(distinct e.aggregate_seq) <> w.version
or coalesce(max(e.aggregate_seq), 0) <> w.version
