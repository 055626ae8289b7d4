-- One event a reservation, keyed and numbered by it. The owner stays out: it may be a session's
-- secret.
create or replace function inventory.emit_reservations(
    p_event_type text, p_reservations inventory.inventory_reservations[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform events.emit(
        p_event_type, 'reservation', array_agg(r.reservation_id), array_agg(r.seq::bigint),
        array_agg(jsonb_build_object(
            'reservation', r.variant_id || '-' || r.reservation_id,
            'variant_id', r.variant_id, 'location_id', r.location_id, 'status', r.status,
            'quantity', r.quantity, 'open_quantity', r.open_quantity,
            'shipped_quantity', r.shipped_quantity, 'expires_at', r.expires_at
        ))
    )
    from unnest(p_reservations) as r;
end;
$function$;

comment on function inventory.emit_reservations(text, inventory.inventory_reservations[]) is
'Writes an event for each reservation as it is now.';
