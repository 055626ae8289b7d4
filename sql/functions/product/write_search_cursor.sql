-- Readable by nobody but product.read_search_cursor, which sees by the digest that it belongs to
-- the same search and is whole. It says nothing that the search would not: it needs no secret.
create or replace function product.write_search_cursor(p_request jsonb, p_cursor jsonb)
returns text
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
return left(encode(sha256(convert_to(p_request::text || p_cursor::text, 'UTF8')), 'hex'), 16)
|| encode(convert_to(p_cursor::text, 'UTF8'), 'hex');

comment on function product.write_search_cursor(jsonb, jsonb) is
'A place in the results of a search as text.';
