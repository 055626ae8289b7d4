-- What can be promised of a variant, place by place, as a plain read shows it: buckets, and holds
-- that are overdue. Not through inventory.stock_levels: this is read for every refusal of a flash
-- sale.
--
-- The time is in a variable because a volatile function is never the condition of an index scan,
-- which would then read every live hold of the variant.
create or replace function inventory.find_available(p_variant_id bigint, p_location_id bigint)
returns table (location_id bigint, available bigint)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_now constant timestamptz := clock_timestamp();
begin
    return query
    select k.location_id, b.available + coalesce(o.overdue, 0)
    from inventory.inventory as i
    inner join inventory.locations as k on k.location_id = i.location_id
    cross join lateral (
        select sum(s.available) as available
        from inventory.stock_buckets as s
        where s.variant_id = i.variant_id and s.location_id = i.location_id
    ) as b
    left join (
        select r.location_id, sum(r.open_quantity) as overdue
        from inventory.inventory_reservations as r
        where r.variant_id = p_variant_id and r.status = 'active' and r.expires_at <= v_now
        group by r.location_id
    ) as o on o.location_id = i.location_id
    where i.variant_id = p_variant_id and k.is_active
    and (p_location_id is null or i.location_id = p_location_id)
    order by k.rank, k.location_id;
end;
$function$;

comment on function inventory.find_available(bigint, bigint) is
'The units that can be promised of a variant at one active location, or at each in order of rank.';
