create or replace view payment.dispute_list with (security_barrier = true) as
select
    d.public_id as dispute,
    o.order_number,
    p.public_id as payment,
    d.provider,
    d.provider_dispute_id,
    d.amount,
    d.counted,
    p.currency,
    d.reason_code,
    d.network_code,
    d.status,
    d.evidence_due_at,
    coalesce(
        d.status = 'needs_response' and d.evidence_due_at <= clock_timestamp()
        + (
            select r.value * interval '1 day'
            from core.business_rules as r
            where r.name = 'dispute_alert_days' and r.currency is null and r.is_enabled
        ),
        false
    ) as is_urgent,
    d.submission_count,
    d.submitted_at,
    d.outcome_reason,
    d.opened_at,
    d.closed_at,
    d.order_id,
    d.dispute_id,
    d.version
from payment.payment_disputes as d
inner join payment.payments as p on p.order_id = d.order_id and p.payment_id = d.payment_id
inner join orders.orders as o on o.order_id = d.order_id;

comment on view payment.dispute_list is
'Disputes; is_urgent says that evidence is due within the rule dispute_alert_days. counted is what a
dispute takes of its payment. For editors. Replica: yes.';
grant select on payment.dispute_list to payment_editor;
