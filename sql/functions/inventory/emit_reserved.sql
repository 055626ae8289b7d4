-- The events of a reservation that took the fast path, in one statement: reservation.created for
-- each hold, stock.updated for each variant. What inventory.emit_reservations and
-- emit_stock_updated would write, without reading anything again: this is part of the hottest
-- call of the shop.
create or replace function inventory.emit_reserved(
    p_variant_ids bigint[],
    p_skus text[],
    p_reservation_ids bigint[],
    p_location_ids bigint[],
    p_quantities bigint[],
    p_expires_at timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_created jsonb[];
    v_updated jsonb[];
begin
    for v_line in 1..cardinality(p_variant_ids) loop
        v_created[v_line] := jsonb_build_object(
            'reservation', p_variant_ids[v_line] || '-' || p_reservation_ids[v_line],
            'variant_id', p_variant_ids[v_line], 'location_id', p_location_ids[v_line],
            'status', 'active', 'quantity', p_quantities[v_line],
            'open_quantity', p_quantities[v_line], 'shipped_quantity', 0,
            'expires_at', p_expires_at
        );
        v_updated[v_line] := jsonb_build_object(
            'variant_id', p_variant_ids[v_line], 'sku', p_skus[v_line], 'cause', 'reserve',
            'available', -p_quantities[v_line], 'reserved', p_quantities[v_line], 'on_hand', 0
        );
    end loop;
    perform events.emit(
        'reservation.created', 'reservation', p_reservation_ids,
        array_fill(1::bigint, array[cardinality(p_variant_ids)]), v_created
    );
    perform events.emit('stock.updated', 'variant', p_variant_ids, null, v_updated);
end;
$function$;

comment on function inventory.emit_reserved(
    bigint[], text[], bigint[], bigint[], bigint[], timestamptz
) is 'Writes the events of new reservations.';
