-- Every idempotency key that is visible has its answer: both were written by one transaction.
select k.scope || ' ' || k.key as object, to_jsonb(k) - 'request_hash' as detail
from core.idempotency_keys as k
where k.response is null
