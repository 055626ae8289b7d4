-- The lowest numbered slot in which an owner holds nothing of a variant.
create or replace function inventory.free_slot(
    p_variant_id bigint, p_owner text, p_slot_limit integer
)
returns integer
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_taken integer[];
begin
    v_taken := array(
        select r.slot
        from inventory.inventory_reservations as r
        where r.variant_id = p_variant_id and r.owner = p_owner and r.open_quantity > 0
        and r.slot is not null
    );
    for v_slot in 1..p_slot_limit loop
        if v_slot <> all (v_taken) then
            return v_slot;
        end if;
    end loop;
    return null;
end;
$function$;

comment on function inventory.free_slot(bigint, text, integer) is
'The lowest free slot of an owner for a variant, null where all are taken.';
