-- Stock of thousands of SKUs in one call.
create or replace function inventory.get_stock(
    p_skus text[],
    p_location text default null,
    p_is_per_location boolean default false
)
returns table (
    sku text, location text, current_stock bigint, reserved_quantity bigint,
    available_stock bigint, min_stock_level bigint, is_in_stock boolean, is_low_stock boolean,
    version bigint, last_updated_by text, updated_at timestamptz
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_location_id bigint;
    v_variant_ids bigint[];
begin
    if p_skus is null or cardinality(p_skus) > 10000 or p_is_per_location is null then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_skus or p_is_per_location', 'expected', 'at most 10000 SKUs; not null'
        ));
    end if;
    if p_location is not null then
        v_location_id := inventory.find_location(p_location);
    end if;
    v_variant_ids := array(
        select v.variant_id from product.variants as v where v.sku = any (p_skus)
    );

    if p_is_per_location or v_location_id is not null then
        return query
        select
            s.sku, s.location, s.current_stock::bigint, s.reserved_quantity, s.available_stock,
            s.min_stock_level::bigint, s.is_in_stock, s.is_low_stock, s.version,
            s.last_updated_by, s.updated_at
        from inventory.stock_levels as s
        where s.variant_id = any (v_variant_ids)
        and (v_location_id is null or s.location_id = v_location_id)
        order by s.sku, s.location_rank, s.location;
    else
        return query
        select
            s.sku, null::text, s.current_stock, s.reserved_quantity, s.available_stock,
            s.min_stock_level, s.is_in_stock, s.is_low_stock, s.version, s.last_updated_by,
            s.updated_at
        from inventory.stock_totals as s
        where s.variant_id = any (v_variant_ids)
        order by s.sku;
    end if;
end;
$function$;

comment on function inventory.get_stock(text[], text, boolean) is
'Stock of up to 10,000 SKUs, in order of SKU: over all locations (location is null then), at one,
or a row for each. Units: current_stock is on hand, reserved_quantity promised, available_stock
what can still be promised, holds past their expiry included. SKUs of which no stock is kept have
no row. Errors: LOCATION_NOT_FOUND, INVALID_ARGUMENT. Replica: yes.';
grant execute on function inventory.get_stock(text[], text, boolean) to inventory_service;
