-- Spread the available units evenly over the buckets. The caller holds inventory.lock_stock.
create or replace function inventory.spread_stock(
    p_variant_id bigint, p_location_id bigint, p_available bigint
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_bucket_count integer;
begin
    select i.bucket_count into strict v_bucket_count
    from inventory.inventory as i
    where i.variant_id = p_variant_id and i.location_id = p_location_id;

    update inventory.stock_buckets as b
    set available = p_available / v_bucket_count
        + case when b.bucket < p_available % v_bucket_count then 1 else 0 end
    where b.variant_id = p_variant_id and b.location_id = p_location_id;
end;
$function$;

comment on function inventory.spread_stock(bigint, bigint, bigint) is
'Sets what the buckets of a variant at a location hold together.';
