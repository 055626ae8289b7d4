-- Refuse to close holds whose units could not be made available again, before anything depends on
-- it: a sweeper credits the stock of many orders at once.
create or replace function inventory.check_buckets(
    p_holds inventory.inventory_reservations[]
)
returns void
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_broken record;
begin
    select h.variant_id, h.location_id into v_broken
    from unnest(p_holds) as h
    left join inventory.inventory as i
        on i.variant_id = h.variant_id and i.location_id = h.location_id
    where i.bucket_count is distinct from (
        select count(*)
        from inventory.stock_buckets as b
        where b.variant_id = h.variant_id and b.location_id = h.location_id
    )
    limit 1;
    if found then
        raise no_data_found using
            message = 'the stock row has no such bucket',
            detail = jsonb_build_object(
                'variant_id', v_broken.variant_id, 'location_id', v_broken.location_id
            )::text,
            hint = 'inventory.split_buckets makes missing buckets.';
    end if;
end;
$function$;

comment on function inventory.check_buckets(inventory.inventory_reservations[]) is
'Raises no_data_found where the stock of a hold has not all of its buckets.';
