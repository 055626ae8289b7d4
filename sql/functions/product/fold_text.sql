create or replace function product.fold_text(p_text text)
returns text
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
return coalesce((ts_lexize('product.unaccent', lower(p_text)))[1], lower(p_text));

comment on function product.fold_text(text) is 'Text in lower case and without accents.';
