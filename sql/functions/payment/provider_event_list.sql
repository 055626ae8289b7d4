create or replace view payment.provider_event_list with (security_barrier = true) as
select
    e.provider,
    e.event_id,
    e.kind,
    e.payload,
    e.status,
    e.reason,
    e.order_id,
    o.order_number,
    e.tries,
    e.deliveries,
    e.received_at,
    e.next_try_at,
    e.processed_at
from payment.provider_events as e
left join orders.orders as o on o.order_id = e.order_id;

comment on view payment.provider_event_list is
'What providers reported and what became of it; those given up are for people. Replica: yes.';
grant select on payment.provider_event_list to payment_editor;
