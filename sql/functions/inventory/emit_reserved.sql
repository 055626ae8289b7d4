-- The events of a reservation that took the fast path, in one statement: reservation.created for
-- each hold, stock.updated for each variant. What inventory.emit_reservations and
-- emit_stock_updated would write, without reading anything again: this is part of the hottest
-- call of the shop.
create or replace function inventory.emit_reserved(
    p_lines inventory.reservation_line[], p_expires_at timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform events.emit_all(
        array_agg(e.event_type), array_agg(e.aggregate_type), array_agg(e.aggregate_id),
        array_agg(e.seq), array_agg(e.payload)
    )
    from unnest(p_lines) as l
    cross join lateral (
        values
        (
            'reservation.created', 'reservation', l.reservation_id, 1::bigint,
            jsonb_build_object(
                'reservation', l.variant_id || '-' || l.reservation_id,
                'variant_id', l.variant_id, 'location_id', l.location_id,
                'status', 'active', 'quantity', l.quantity, 'open_quantity', l.quantity,
                'shipped_quantity', 0, 'expires_at', p_expires_at
            )
        ),
        (
            'stock.updated', 'variant', l.variant_id, null,
            jsonb_build_object(
                'variant_id', l.variant_id, 'sku', l.sku, 'cause', 'reserve',
                'available', -l.quantity, 'reserved', l.quantity, 'on_hand', 0
            )
        )
    ) as e (event_type, aggregate_type, aggregate_id, seq, payload);
end;
$function$;

comment on function inventory.emit_reserved(inventory.reservation_line[], timestamptz) is
'Writes the events of new reservations.';
