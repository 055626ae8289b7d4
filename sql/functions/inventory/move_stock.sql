-- Write a movement and the stock row that it leads to. The caller has locked the row it passes.
create or replace function inventory.move_stock(
    p_stock inventory.inventory,
    p_kind text,
    p_on_hand_delta integer,
    p_damaged_delta integer,
    p_reason text,
    p_reference text,
    p_reservation_id bigint
)
returns inventory.inventory
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_stock inventory.inventory;
begin
    insert into inventory.inventory_movements (
        variant_id, location_id, seq, kind, on_hand_before, on_hand_delta, on_hand_after,
        damaged_before, damaged_delta, damaged_after, reason, reference, reservation_id, actor,
        request_id
    )
    values (
        p_stock.variant_id, p_stock.location_id, coalesce(p_stock.last_seq, 0) + 1, p_kind,
        p_stock.on_hand, p_on_hand_delta, p_stock.on_hand + p_on_hand_delta,
        p_stock.damaged, p_damaged_delta, p_stock.damaged + p_damaged_delta,
        p_reason, p_reference, p_reservation_id, core.actor(), core.request_id()
    );

    update inventory.inventory as i
    set
        on_hand = i.on_hand + p_on_hand_delta,
        damaged = i.damaged + p_damaged_delta,
        last_seq = coalesce(i.last_seq, 0) + 1,
        counted_at = case p_kind when 'count' then clock_timestamp() else i.counted_at end,
        version = i.version + 1,
        updated_at = clock_timestamp(),
        last_updated_by = core.actor()
    where i.variant_id = p_stock.variant_id and i.location_id = p_stock.location_id
    returning i.* into v_stock;

    -- Numbered under the row's lock: these events are in strict order per variant and location.
    perform events.emit(
        'stock.moved', 'variant', array[v_stock.variant_id], array[v_stock.last_seq],
        array[jsonb_build_object(
            'variant_id', v_stock.variant_id, 'location_id', v_stock.location_id,
            'kind', p_kind, 'seq', v_stock.last_seq, 'on_hand_delta', p_on_hand_delta,
            'on_hand', v_stock.on_hand, 'damaged_delta', p_damaged_delta,
            'damaged', v_stock.damaged, 'version', v_stock.version
        )]
    );
    return v_stock;
end;
$function$;

comment on function inventory.move_stock(
    inventory.inventory, text, integer, integer, text, text, bigint
) is 'Adds a movement to a locked stock row; returns the row as it is now.';
