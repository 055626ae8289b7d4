-- A dispute has taken its amount just as long as the customer's bank has it: all of it, or as much
-- as was there.
select
    'dispute ' || d.order_id || '-' || d.dispute_id as object,
    jsonb_build_object(
        'status', d.status, 'amount', d.amount, 'counted', d.counted, 'taken', t.taken,
        'left', payment.refundable(p)
    ) as detail
from payment.payment_disputes as d
inner join payment.payments as p on p.order_id = d.order_id and p.payment_id = d.payment_id
cross join lateral (
    select
        coalesce(sum(s.amount) filter (where s.kind = 'chargeback'), 0)
            - coalesce(sum(s.amount) filter (where s.kind = 'chargeback_reversal'), 0) as taken
    from payment.payment_transactions as s
    where s.order_id = d.order_id and s.dispute_id = d.dispute_id and s.status = 'succeeded'
) as t
where t.taken <> d.counted
or case
    when d.status in ('needs_response', 'under_review', 'lost')
        then d.counted > d.amount or d.counted < d.amount and payment.refundable(p) > 0
    else d.counted <> 0
end
