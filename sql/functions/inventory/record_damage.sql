-- Take units off sale because they are damaged, put repaired ones back, or write them off.
create or replace function inventory.record_damage(
    p_sku text,
    p_damaged integer,
    p_written_off integer,
    p_expected_version bigint,
    p_reason text,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (
    sku text, location text, on_hand integer, damaged integer, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.record_damage';
    v_response jsonb;
    v_variant_id bigint;
    v_location_id bigint;
    v_stock inventory.inventory;
    v_available bigint;
    v_reclaimed bigint := 0;
begin
    if p_damaged is null or p_written_off is null or p_expected_version is null
    or p_written_off < 0 or p_damaged = 0 and p_written_off = 0 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_damaged, p_written_off or p_expected_version',
            'expected', 'units that became damaged, negative if repaired; damaged units that are'
            || ' thrown away, from 0; one of them not 0; the version that was read'
        ));
    end if;
    perform core.check_text('p_reason', p_reason, 500);
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'damaged', p_damaged, 'written_off', p_written_off,
        'expected_version', p_expected_version, 'reason', p_reason, 'location', p_location
    ));
    if v_response is null then
        v_variant_id := inventory.find_variant(p_sku);
        v_location_id := inventory.find_location(p_location);
        v_available := inventory.lock_stock(v_variant_id, v_location_id);
        select i.* into v_stock
        from inventory.inventory as i
        where i.variant_id = v_variant_id and i.location_id = v_location_id;
        if not found then
            perform core.refuse('SHI09', jsonb_build_object('sku', p_sku));
        elsif v_stock.version <> p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'sku', p_sku, 'expected_version', p_expected_version,
                'version', v_stock.version, 'last_updated_by', v_stock.last_updated_by
            ));
        elsif v_stock.damaged::bigint + p_damaged - p_written_off < 0 then
            perform core.refuse('SHI27', jsonb_build_object(
                'sku', p_sku, 'damaged', v_stock.damaged, 'newly_damaged', p_damaged,
                'written_off', p_written_off
            ));
        end if;
        if v_available < p_damaged then
            v_reclaimed := inventory.reclaim_overdue(
                v_variant_id, v_location_id, p_damaged - v_available
            );
        end if;
        if v_available + v_reclaimed < p_damaged then
            perform core.refuse('SHI06', jsonb_build_object(
                'sku', p_sku, 'on_hand', v_stock.on_hand,
                'requested', v_stock.on_hand - p_damaged::bigint, 'damaged', v_stock.damaged,
                'held', v_stock.on_hand - v_stock.damaged - v_available - v_reclaimed
            ));
        end if;
        v_stock := inventory.move_stock(
            v_stock, 'damage', -p_written_off, p_damaged - p_written_off, p_reason, null, null
        );
        perform inventory.spread_stock(
            v_variant_id, v_location_id, v_available + v_reclaimed - p_damaged
        );
        perform inventory.emit_stock_updated(
            'damage', array[v_variant_id], array[v_reclaimed - p_damaged], array[-v_reclaimed],
            array[-p_written_off::bigint]
        );
        select jsonb_build_object(
            'sku', p_sku, 'location', l.code, 'on_hand', v_stock.on_hand,
            'damaged', v_stock.damaged, 'version', v_stock.version
        )
        into v_response
        from inventory.locations as l
        where l.location_id = v_location_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, location text, on_hand integer, damaged integer, version bigint
    );
end;
$function$;

comment on function inventory.record_damage(
    text, integer, integer, bigint, text, text, text
) is
'Takes units of a SKU at a location (the best-ranked one if none is named) off sale because they are
damaged (negative: they are sellable again), and writes off damaged ones, against the version that
the editor saw; the reason (1 to 500 characters) stays on the movement. Returns what is there now.
Errors: DAMAGED_STOCK_EXCEEDED, STOCK_IS_HELD (units that are promised cannot be damaged: cancel
first), CONCURRENT_MODIFICATION, STOCK_NOT_FOUND, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.record_damage(
    text, integer, integer, bigint, text, text, text
) to inventory_editor;
