-- Spread a hot variant over more rows, before a flash sale.
create or replace function inventory.split_buckets(
    p_sku text, p_buckets integer, p_location text default null
)
returns table (sku text, location text, buckets integer, available bigint)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
select r.sku, r.location, r.buckets, r.available
from inventory.rebucket(p_sku, p_location, p_buckets, true) as r;
$function$;

comment on function inventory.split_buckets(text, integer, text) is
'Keeps the availability of a SKU at a location (the best-ranked one if none is named) in more
buckets, up to 64, so that as many buyers are served at once. Safe beside live traffic, which
waits for it; calling it twice changes nothing. Errors: PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND,
STOCK_NOT_FOUND, INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function inventory.split_buckets(text, integer, text) to inventory_service;
