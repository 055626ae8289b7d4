-- The location of a code; without one, the location of lowest rank.
create or replace function inventory.find_location(p_location text)
returns bigint
language plpgsql
stable
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_location_id bigint;
begin
    select l.location_id into v_location_id
    from inventory.locations as l
    where l.code = p_location or p_location is null and l.is_active
    order by l.rank, l.location_id
    limit 1;
    if not found then
        perform core.refuse('SHI08', jsonb_build_object('location', p_location));
    end if;
    return v_location_id;
end;
$function$;

comment on function inventory.find_location(text) is
'The key of a location by its code; null means the active one of lowest rank.
Errors: LOCATION_NOT_FOUND.';
