-- Keep holds for another while. Touches no stock.
create or replace function inventory.extend_reservations(
    p_reservations text[],
    p_idempotency_key text default null
)
returns table (reservation text, expires_at timestamptz)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.extend_reservations';
    v_response jsonb;
    v_locked inventory.inventory_reservations[];
    v_extended inventory.inventory_reservations[];
begin
    v_response := core.claim_key(c_scope, p_idempotency_key, to_jsonb(p_reservations));
    if v_response is null then
        v_locked := inventory.lock_reservations(p_reservations);
        perform inventory.check_outside_orders(v_locked);
        perform inventory.check_active(v_locked, false);

        with extended as (
            update inventory.inventory_reservations as r
            set
                expires_at = greatest(r.expires_at, clock_timestamp() + make_interval(
                    mins => coalesce(core.rule(
                        case when l.slot is null
                            then 'pending_order_minutes' else 'cart_hold_minutes'
                        end
                    ), 525600)::integer
                )),
                seq = r.seq + 1,
                actor = core.actor()
            from unnest(v_locked) as l
            where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
            returning r.*
        )
        select array_agg(e order by e.reservation_id) into v_extended from extended as e;

        perform inventory.emit_reservations('reservation.extended', v_extended);
        select jsonb_agg(jsonb_build_object(
            'reservation', e.variant_id || '-' || e.reservation_id, 'expires_at', e.expires_at
        ))
        into v_response
        from unnest(v_extended) as e;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_recordset(v_response) as r (reservation text, expires_at timestamptz);
end;
$function$;

comment on function inventory.extend_reservations(text[], text) is
'Keeps active holds, all or none, for another cart_hold_minutes from now (pending_order_minutes
for those of an order), never for less than before; returns their expiries. Errors:
RESERVATION_NOT_FOUND, RESERVATION_EXPIRED, RESERVATION_CLOSED, RESERVATION_OF_ORDER,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.extend_reservations(text[], text) to inventory_service;
