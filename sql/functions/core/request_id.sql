-- The request that this transaction serves, as core.set_context said.
create or replace function core.request_id()
returns text
language sql
stable
security invoker
return nullif(pg_catalog.left(pg_catalog.current_setting('shop.request_id', true), 200), '');

comment on function core.request_id() is 'The request being served; null where nobody said.';
