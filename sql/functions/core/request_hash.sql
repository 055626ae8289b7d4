-- jsonb has one text for each value (keys sorted, white space gone), so equal requests hash alike.
create or replace function core.request_hash(p_request jsonb)
returns bytea
language sql
stable
security invoker
return pg_catalog.sha256(pg_catalog.convert_to(coalesce(p_request::text, ''), 'UTF8'));

comment on function core.request_hash(jsonb) is 'SHA-256 of a request, whatever its key order.';
