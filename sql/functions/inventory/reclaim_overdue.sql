-- Expire overdue holds of a variant at a location, oldest first, until enough units are free.
--
-- The caller holds inventory.lock_stock and adds the units to the buckets. Holds that somebody
-- else is closing at this moment are skipped: waiting for a hold while holding stock could
-- deadlock.
create or replace function inventory.reclaim_overdue(
    p_variant_id bigint, p_location_id bigint, p_needed bigint
)
returns bigint
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    -- In a variable: a volatile function is never the condition of an index scan.
    v_now constant timestamptz := clock_timestamp();
    v_reclaimed bigint := 0;
    v_hold inventory.inventory_reservations;
    v_holds inventory.inventory_reservations[] := '{}';
begin
    for v_hold in
        select r.*
        from inventory.inventory_reservations as r
        where r.variant_id = p_variant_id and r.location_id = p_location_id
        and r.status = 'active' and r.expires_at <= v_now
        order by r.expires_at
        for no key update skip locked
    loop
        v_holds := v_holds || v_hold;
        v_reclaimed := v_reclaimed + v_hold.open_quantity;
        exit when v_reclaimed >= p_needed;
    end loop;
    if v_reclaimed > 0 then
        perform inventory.close_reservations(v_holds, 'expired');
    end if;
    return v_reclaimed;
end;
$function$;

comment on function inventory.reclaim_overdue(bigint, bigint, bigint) is
'Expires overdue holds until that many units are free, or none is left; returns the units.';
