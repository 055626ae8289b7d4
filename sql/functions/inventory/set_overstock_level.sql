-- Say from where on there is too much of a SKU, as an editor who saw the row wants it.
create or replace function inventory.set_overstock_level(
    p_sku text,
    p_expected_version bigint,
    p_overstock_level integer,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (sku text, location text, overstock_level integer, version bigint)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_scope constant text := 'inventory.set_overstock_level';
    v_response jsonb;
    v_variant_id bigint;
    v_location_id bigint;
    v_stock inventory.inventory;
begin
    if p_overstock_level < 0 or p_expected_version is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_overstock_level or p_expected_version',
            'expected', 'units from 0, or null for no level; the version that was read'
        ));
    end if;
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'sku', p_sku, 'expected_version', p_expected_version,
        'overstock_level', p_overstock_level, 'location', p_location
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
        end if;
        update inventory.inventory as i
        set
            overstock_level = p_overstock_level,
            version = i.version + 1,
            updated_at = clock_timestamp(),
            last_updated_by = core.actor()
        where i.variant_id = v_variant_id and i.location_id = v_location_id
        returning i.* into v_stock;
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
            'sku', p_sku, 'location', l.code, 'overstock_level', v_stock.overstock_level,
            'version', v_stock.version
        )
        into v_response
        from inventory.locations as l
        where l.location_id = v_location_id;
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        sku text, location text, overstock_level integer, version bigint
    );
end;
$function$;

comment on function inventory.set_overstock_level(text, bigint, integer, text, text) is
'Sets above how many sellable units on hand a SKU is overstocked at a location (the best-ranked one
if none is named), against the version that the editor saw; null ends it. Returns it as it is now.
Errors: CONCURRENT_MODIFICATION, STOCK_NOT_FOUND, PRODUCT_NOT_FOUND, LOCATION_NOT_FOUND,
INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.set_overstock_level(text, bigint, integer, text, text)
to inventory_editor;
