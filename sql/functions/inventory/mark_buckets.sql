-- Tell each bucket its share of the low-stock level. The caller holds the stock row.
--
-- Rounded down: when all buckets together are at or below the level, the emptiest one is at or
-- below the level divided by their number, so that inventory.refresh_alerts finds the stock by it.
create or replace function inventory.mark_buckets(p_variant_id bigint, p_location_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform inventory.lock_stock(p_variant_id, p_location_id);
    update inventory.stock_buckets as b
    set low_mark = i.min_stock_level / i.bucket_count
    from inventory.inventory as i
    where i.variant_id = p_variant_id and i.location_id = p_location_id
    and b.variant_id = i.variant_id and b.location_id = i.location_id
    and b.low_mark <> i.min_stock_level / i.bucket_count;
end;
$function$;

comment on function inventory.mark_buckets(bigint, bigint) is
'Sets the share of each bucket of a variant at a location in the low-stock level.';
