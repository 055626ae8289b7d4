create or replace function ops.{name}()
returns table ({columns})
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $check$
{query}
$check$
