-- End holds early, and make their units available again.
create or replace function inventory.release_reservations(
    p_reservations text[],
    p_idempotency_key text default null
)
returns table (reservation text, quantity integer)
language sql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
select f.reservation, f.quantity
from inventory.finish_holds(
    'inventory.release_reservations', p_reservations, p_idempotency_key, 'released'
) as f;
$function$;

comment on function inventory.release_reservations(text[], text) is
'Ends active holds, all or none, and makes their units available; returns the units of each.
Errors: RESERVATION_NOT_FOUND, RESERVATION_EXPIRED (it has been expired), RESERVATION_CLOSED,
RESERVATION_OF_ORDER, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.release_reservations(text[], text) to inventory_service;
