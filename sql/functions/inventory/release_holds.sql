-- Release all active holds of owners and variants, given in pairs. Holds that somebody else is
-- closing at this moment are skipped.
create or replace function inventory.release_holds(p_owners text[], p_variant_ids bigint[])
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_holds inventory.inventory_reservations[];
begin
    v_holds := array(
        select r
        from unnest(p_owners, p_variant_ids) as o (owner, variant_id)
        inner join inventory.inventory_reservations as r
            on r.variant_id = o.variant_id and r.owner = o.owner and r.open_quantity > 0
        where r.status = 'active'
        order by r.reservation_id
        for no key update of r skip locked
    );
    if cardinality(v_holds) > 0 then
        perform inventory.close_reservations(v_holds, 'released');
        perform inventory.credit_reservations('release', v_holds);
    end if;
end;
$function$;

comment on function inventory.release_holds(text[], bigint[]) is
'Releases the active holds of each owner for the variant beside it, and makes them available.';
