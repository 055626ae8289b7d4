-- Change in how many buckets availability is kept. Waits for every reservation that is in a bucket.
create or replace function inventory.rebucket(
    p_sku text, p_location text, p_buckets integer, p_is_split boolean
)
returns table (sku text, location text, buckets integer, available bigint)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_variant_id bigint;
    v_location_id bigint;
    v_available bigint;
    v_buckets integer;
begin
    v_variant_id := inventory.find_variant(p_sku);
    v_location_id := inventory.find_location(p_location);
    if p_buckets is null or p_buckets not between 1 and 64 then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_buckets', 'expected', 'a number from 1 to 64'
        ));
    end if;
    v_available := inventory.lock_stock(v_variant_id, v_location_id);
    if v_available is null then
        perform core.refuse('SHI09', jsonb_build_object('sku', p_sku));
    end if;
    select i.bucket_count into strict v_buckets
    from inventory.inventory as i
    where i.variant_id = v_variant_id and i.location_id = v_location_id;
    if p_is_split and p_buckets < v_buckets or not p_is_split and p_buckets > v_buckets then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_buckets', 'buckets', v_buckets,
            'expected', case when p_is_split
                then 'at least as many as there are' else 'at most as many as there are'
            end
        ));
    end if;

    update inventory.inventory as i
    set bucket_count = p_buckets
    where i.variant_id = v_variant_id and i.location_id = v_location_id;
    delete from inventory.stock_buckets as b
    where b.variant_id = v_variant_id and b.location_id = v_location_id
    and b.bucket >= p_buckets;
    insert into inventory.stock_buckets (variant_id, location_id, bucket, available)
    select v_variant_id, v_location_id, n, 0
    from generate_series(v_buckets, p_buckets - 1) as n;
    perform inventory.mark_buckets(v_variant_id, v_location_id);
    perform inventory.spread_stock(v_variant_id, v_location_id, v_available);

    return query
    select p_sku, l.code, p_buckets, v_available
    from inventory.locations as l
    where l.location_id = v_location_id;
end;
$function$;

comment on function inventory.rebucket(text, text, integer, boolean) is
'Splits or merges the buckets of a SKU at a location.';
