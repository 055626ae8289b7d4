-- case: a key has no answer
update core.idempotency_keys set response = null;
