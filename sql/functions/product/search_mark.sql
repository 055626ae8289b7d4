-- One mark of a search document, or of a filter: both sides have to write it alike.
create or replace function product.search_mark(p_kind text, p_name text, p_value text default null)
returns text
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
return case p_kind
    when 'tag' then 't' || left(lower(p_name), 100)
    -- No longer than an index takes; whoever reads it compares the whole attribute.
    when 'attribute' then 'a' || left(lower(p_name), 100) || '=' || left(lower(p_value), 100)
    when 'price' then 'm' || p_name || ':' || product.search_band(p_value::numeric)
end;

comment on function product.search_mark(text, text, text) is
'The mark of a tag, of an attribute with its value, or of a currency with an amount above zero.';
