create or replace view payment.payment_analytics_list with (security_barrier = true) as
select
    a.day,
    a.provider,
    a.currency,
    a.attempts,
    a.approved,
    a.declined,
    a.timed_out,
    a.approval_rate,
    a.authorized_amount,
    a.captures,
    a.captured_amount,
    a.refunds,
    a.refunded_amount,
    a.disputes,
    a.disputed_amount,
    a.settled_amount,
    a.fee_amount,
    a.updated_at
from payment.payment_analytics as a;

comment on view payment.payment_analytics_list is
'What was paid per day (UTC), provider and currency, as of the last
payment.roll_up_payment_analytics. For editors. Replica: yes.';
grant select on payment.payment_analytics_list to payment_editor;
