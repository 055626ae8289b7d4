-- Authorisations, attempts, disputes and other steps that are over, and that nobody has ended.
--
-- No money is lost: what is captured beyond an authorisation that has ended fails at the provider.
-- The jobs are meant to run every few minutes: an hour means that nobody runs them. Evidence that
-- was not sent in time loses the dispute, so that there it is worth a look before the job runs.
-- What came of a capture, a void or a refund only the provider knows: workers take it up again by
-- payment.claim_overdue_steps.
select
    case when w.oldest > 3600 then 'warning' else 'ok' end as level,
    w.object,
    coalesce(round(w.oldest, 1), 0) as figure,
    'warning > 3600 s' as threshold,
    case
        when w.oldest > 3600
        then format('%s %s, the oldest by %s s', w.found, w.what, round(w.oldest))
        else format('%s %s', w.found, w.what)
    end as meaning,
    case when w.oldest > 3600 then w.remedy end as remedy
from (
    select
        'payment.payments' as object,
        'authorisation(s) have ended with something left to capture' as what,
        count(*) as found,
        extract(epoch from clock_timestamp() - min(p.auth_expires_at))::numeric as oldest,
        'select * from payment.cleanup_expired_payments();' as remedy
    from payment.payments as p
    where p.authorized > p.captured and p.auth_expires_at < clock_timestamp()
    union all
    select
        'payment.payment_transactions', 'attempt(s) to authorise are past their answer', count(*),
        extract(epoch from clock_timestamp() - min(t.claimed_until))::numeric,
        'select * from payment.cleanup_expired_payments();'
    from payment.payment_transactions as t
    where t.status in ('pending', 'timed_out') and t.kind = 'authorize'
    and t.claimed_until < clock_timestamp()
    union all
    select
        'payment.payment_disputes', 'dispute(s) are past their day for evidence', count(*),
        extract(epoch from clock_timestamp() - min(d.evidence_due_at))::numeric,
        'select * from payment.cleanup_overdue_disputes();'
    from payment.payment_disputes as d
    where d.status = 'needs_response' and d.evidence_due_at < clock_timestamp()
    union all
    select
        'payment.payment_transactions', 'capture(s), void(s) or refund(s) have no outcome',
        count(*), extract(epoch from clock_timestamp() - min(t.claimed_until))::numeric,
        'select * from payment.payment_transaction_list where claimed_until < now();'
    from payment.payment_transactions as t
    where t.status in ('pending', 'timed_out') and t.kind <> 'authorize'
    and t.claimed_until < clock_timestamp()
) as w;
