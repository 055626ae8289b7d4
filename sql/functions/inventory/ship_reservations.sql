-- Send out what was sold: the units leave what is on hand and what is kept back, together.
create or replace function inventory.ship_reservations(
    p_items jsonb,
    p_reference text default null,
    p_idempotency_key text default null
)
returns table (reservation text, shipped integer, open_quantity integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.ship_reservations';
    v_response jsonb;
    v_taken inventory.inventory_reservations[];
begin
    perform core.check_text('p_reference', p_reference, 500) where p_reference is not null;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'items', p_items, 'reference', p_reference
    ));
    if v_response is null then
        v_taken := inventory.ship_holds(p_items, p_reference);
        perform inventory.check_outside_orders(v_taken);
        select jsonb_agg(jsonb_build_object(
            'reservation', t.variant_id || '-' || t.reservation_id,
            'shipped', t.quantity, 'open_quantity', t.open_quantity
        ) order by t.reservation_id)
        into v_response
        from unnest(v_taken) as t;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (
        reservation text, shipped integer, open_quantity integer
    );
end;
$function$;

comment on function inventory.ship_reservations(jsonb, text, text) is
'Ships committed reservations, all of the items or none: 1 to 10,000 objects {"reservation",
"quantity"}; without a quantity, all that is open. The reference names the paper behind it.
Returns what was shipped and what is still open. Errors: RESERVATION_NOT_FOUND, RESERVATION_CLOSED
(it is not committed), RESERVATION_OF_ORDER, SHIPMENT_EXCEEDS_RESERVATION, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.ship_reservations(jsonb, text, text) to inventory_service;
