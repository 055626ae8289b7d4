-- Turn holds into sales. Touches the holds alone: their units are kept back already.
create or replace function inventory.commit_reservations(
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
    'inventory.commit_reservations', p_reservations, p_idempotency_key, 'consumed'
) as f;
$function$;

comment on function inventory.commit_reservations(text[], text) is
'Turns active holds, all or none, into sales: their units stay kept back until they are shipped or
cancelled; returns the units of each. Errors: RESERVATION_EXPIRED, RESERVATION_NOT_FOUND,
RESERVATION_CLOSED, RESERVATION_OF_ORDER, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function inventory.commit_reservations(text[], text) to inventory_service;
