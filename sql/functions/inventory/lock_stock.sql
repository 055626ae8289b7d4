-- Lock a stock row, then all its buckets in ascending order, and count what they hold.
--
-- Two statements: the second has to see the buckets of a split or merge that the first waited for.
create or replace function inventory.lock_stock(p_variant_id bigint, p_location_id bigint)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_available bigint;
begin
    perform
    from inventory.inventory as i
    where i.variant_id = p_variant_id and i.location_id = p_location_id
    for no key update;

    select sum(b.available) into v_available
    from (
        select s.available
        from inventory.stock_buckets as s
        where s.variant_id = p_variant_id and s.location_id = p_location_id
        order by s.bucket
        for no key update
    ) as b;
    return v_available;
end;
$function$;

comment on function inventory.lock_stock(bigint, bigint) is
'Locks the stock of a variant at a location until the end of the transaction; returns the units in
its buckets, null where no stock is kept.';
