-- Set the limits of a stock row, as an editor who saw the row wants them.
create or replace function inventory.configure_stock(
    p_sku text,
    p_expected_version bigint,
    p_min_stock_level integer default null,
    p_max_on_hand integer default null,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (
    sku text, location text, min_stock_level integer, max_on_hand integer, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.configure_stock';
    v_response jsonb;
    v_variant_id bigint;
    v_location_id bigint;
    v_stock inventory.inventory;
begin
    if coalesce(p_min_stock_level, p_max_on_hand) is null
    or least(p_min_stock_level, p_max_on_hand) < 0 or p_expected_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_min_stock_level, p_max_on_hand or p_expected_version',
            'expected', 'at least one limit from 0, and the version that was read'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'expected_version', p_expected_version, 'location', p_location,
        'min_stock_level', p_min_stock_level, 'max_on_hand', p_max_on_hand
    ));
    if v_response is null then
        v_variant_id := inventory.find_variant(p_sku);
        v_location_id := inventory.find_location(p_location);
        select i.* into v_stock
        from inventory.inventory as i
        where i.variant_id = v_variant_id and i.location_id = v_location_id
        for no key update;
        if not found then
            perform core.refuse('SHI09', jsonb_build_object('sku', p_sku));
        elsif v_stock.version <> p_expected_version then
            perform core.refuse('SHC02', jsonb_build_object(
                'sku', p_sku, 'expected_version', p_expected_version,
                'version', v_stock.version, 'last_updated_by', v_stock.last_updated_by
            ));
        elsif v_stock.on_hand > p_max_on_hand then
            perform core.refuse('SHI07', jsonb_build_object(
                'sku', p_sku, 'on_hand', v_stock.on_hand, 'max_on_hand', p_max_on_hand
            ));
        end if;

        update inventory.inventory as i
        set
            min_stock_level = coalesce(p_min_stock_level, i.min_stock_level),
            max_on_hand = coalesce(p_max_on_hand, i.max_on_hand),
            version = i.version + 1,
            updated_at = clock_timestamp(),
            last_updated_by = core.actor()
        where i.variant_id = v_variant_id and i.location_id = v_location_id
        returning i.* into v_stock;
        perform inventory.mark_buckets(v_variant_id, v_location_id)
        where p_min_stock_level is not null;
        perform events.emit(
            'stock.configured', 'variant', array[v_variant_id], array[null::bigint],
            array[jsonb_build_object(
                'variant_id', v_variant_id, 'location_id', v_location_id, 'sku', p_sku,
                'min_stock_level', v_stock.min_stock_level,
                'max_on_hand', v_stock.max_on_hand, 'overstock_level', v_stock.overstock_level,
                'version', v_stock.version
            )]
        );
        select jsonb_build_object(
            'sku', p_sku, 'location', l.code, 'min_stock_level', v_stock.min_stock_level,
            'max_on_hand', v_stock.max_on_hand, 'version', v_stock.version
        )
        into v_response
        from inventory.locations as l
        where l.location_id = v_location_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, location text, min_stock_level integer, max_on_hand integer, version bigint
    );
end;
$function$;

comment on function inventory.configure_stock(text, bigint, integer, integer, text, text) is
'Sets the low-stock level and the ceiling of a SKU at a location (the best-ranked one if none is
named) against the version that the editor saw; a null keeps what is there. Returns both as they
are now. Errors: CONCURRENT_MODIFICATION, STOCK_CEILING_EXCEEDED (more is on hand),
STOCK_NOT_FOUND, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED.
Replica: no (writes).';
grant execute on function inventory.configure_stock(text, bigint, integer, integer, text, text)
to inventory_service;
