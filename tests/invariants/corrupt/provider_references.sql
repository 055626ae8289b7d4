-- case: one capture is in the books twice
drop index payment.payment_transactions_provider_ref_key;
update payment.payment_transactions
set provider_ref = 'capture'
where kind = 'capture' and status = 'succeeded';

-- case: one event is in the inbox twice
alter table payment.provider_events drop constraint provider_events_pkey;
insert into payment.provider_events (provider, event_id, kind, payload, reason, next_try_at)
select e.provider, e.event_id, e.kind, e.payload, e.reason, e.next_try_at
from payment.provider_events as e;
