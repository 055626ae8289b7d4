-- Four bands between an amount and its double.
create or replace function product.search_band(p_amount numeric)
returns integer
language sql
immutable
security invoker
set search_path = pg_catalog, pg_temp
return floor(ln(p_amount::double precision) / ln(2::double precision) * 4);

comment on function product.search_band(numeric) is
'The band of price that an amount above zero is in; of two amounts the higher one is in no lower
band.';
