-- What a provider did under one name was booked once.
-- Unique keys make anything else impossible; a restore that left them out would show here.
select
    t.provider || ' ' || t.kind || ' ' || t.provider_ref as object,
    jsonb_build_object('transactions', count(*), 'amount', sum(t.amount)) as detail
from payment.payment_transactions as t
where t.provider_ref is not null and t.status = 'succeeded'
group by t.provider, t.kind, t.provider_ref
having count(*) > 1
union all
select
    e.provider || ' event ' || e.event_id,
    jsonb_build_object('rows', count(*))
from payment.provider_events as e
group by e.provider, e.event_id
having count(*) > 1
