-- Where chosen holds are, if all are in one place.
create or replace function inventory.location_of(p_items jsonb)
returns text
language sql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
select case when count(distinct r.location_id) = 1 then min(l.code) end
from jsonb_to_recordset(p_items) as i (reservation text)
inner join inventory.inventory_reservations as r
    on r.variant_id = split_part(i.reservation, '-', 1)::bigint
    and r.reservation_id = split_part(i.reservation, '-', 2)::bigint
inner join inventory.locations as l on l.location_id = r.location_id;
$function$;

comment on function inventory.location_of(jsonb) is
'The code of the one location of reservations, as inventory.draw_order_holds returns them; null for
several.';
