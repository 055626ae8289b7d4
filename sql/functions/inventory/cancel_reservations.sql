-- Give up sales that have not been shipped, in whole or in part.
create or replace function inventory.cancel_reservations(
    p_items jsonb,
    p_idempotency_key text default null
)
returns table (reservation text, cancelled integer, open_quantity integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.cancel_reservations';
    v_response jsonb;
    v_taken inventory.inventory_reservations[];
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, p_items);
    if v_response is null then
        v_taken := inventory.cancel_holds(p_items);
        perform inventory.check_outside_orders(v_taken);
        select jsonb_agg(jsonb_build_object(
            'reservation', t.variant_id || '-' || t.reservation_id,
            'cancelled', t.quantity, 'open_quantity', t.open_quantity
        ) order by t.reservation_id)
        into v_response
        from unnest(v_taken) as t;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        reservation text, cancelled integer, open_quantity integer
    );
end;
$function$;

comment on function inventory.cancel_reservations(jsonb, text) is
'Gives up committed reservations, all of the items or none, and makes their units available: 1 to
10,000 objects {"reservation", "quantity"}; without a quantity, all that is open. Returns what was
cancelled and what is still open. Errors: RESERVATION_NOT_FOUND, RESERVATION_CLOSED (it is not
committed), RESERVATION_OF_ORDER, SHIPMENT_EXCEEDS_RESERVATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.cancel_reservations(jsonb, text) to inventory_service;
