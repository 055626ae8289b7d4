-- jsonb has one text for each value (keys sorted, white space gone), so equal requests hash alike;
-- but 12.5 and 12.50 stay two, and one moment in two time zones: who puts an amount or a time into
-- the request trims its scale, and states it in UTC.
create or replace function core.request_hash(p_request jsonb)
returns bytea
language sql
stable
security invoker
return pg_catalog.sha256(pg_catalog.convert_to(coalesce(p_request::text, ''), 'UTF8'));

comment on function core.request_hash(jsonb) is 'SHA-256 of a request, whatever its key order.';
