-- Make units available again, or for the first time: in a random bucket, so that no bucket is hot.
--
-- A merge may take the chosen bucket away while this waits for it; the next round then chooses
-- among those that are left. Callers go in ascending order of variant and location.
create or replace function inventory.credit_stock(
    p_variant_id bigint, p_location_id bigint, p_quantity bigint
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_bucket integer;
begin
    -- Each failed round has waited for a merge, so a hundred of them mean that buckets are missing.
    for v_attempt in 1..100 loop
        -- Drawn once, here: in the condition of the update it would be drawn again for each row.
        select floor(random() * i.bucket_count) into strict v_bucket
        from inventory.inventory as i
        where i.variant_id = p_variant_id and i.location_id = p_location_id;

        update inventory.stock_buckets as b
        set available = b.available + p_quantity
        where b.variant_id = p_variant_id and b.location_id = p_location_id
        and b.bucket = v_bucket;
        if found then
            return;
        end if;
    end loop;
    raise no_data_found using
        message = 'the stock row has no such bucket',
        detail = jsonb_build_object(
            'variant_id', p_variant_id, 'location_id', p_location_id, 'bucket', v_bucket
        )::text,
        hint = 'See ops.invariant_stock_buckets; inventory.split_buckets makes missing buckets.';
end;
$function$;

comment on function inventory.credit_stock(bigint, bigint, bigint) is
'Adds units to what can be promised of a variant at a location.';
