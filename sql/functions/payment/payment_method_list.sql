create or replace view payment.payment_method_list with (security_barrier = true) as
select
    m.user_id,
    m.public_id as method,
    m.provider,
    m.kind,
    m.brand,
    m.last4,
    m.exp_month,
    m.exp_year,
    m.is_default,
    m.version,
    m.created_at
from payment.payment_methods as m
where m.status = 'active';

comment on view payment.payment_method_list is
'What users pay with, without the tokens: payment.begin_payment gives the one that it is asked for.
Replica: yes.';
grant select on payment.payment_method_list to payment_service;
