-- Lock the stock of variants at a location, in ascending order. What is not kept there yet is
-- opened in its turn: a call that opens a row after it has locked later ones waits for another that
-- has opened it and wants those.
create or replace function inventory.lock_stock_rows(p_variant_ids bigint[], p_location_id bigint)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_variant_id bigint;
begin
    for v_variant_id in
        select distinct u.variant_id from unnest(p_variant_ids) as u (variant_id) order by 1
    loop
        for v_attempt in 1..2 loop
            perform
            from inventory.inventory as i
            where i.variant_id = v_variant_id and i.location_id = p_location_id
            for no key update;
            exit when found or inventory.open_stock(v_variant_id, p_location_id);
        end loop;
    end loop;
end;
$function$;

comment on function inventory.lock_stock_rows(bigint[], bigint) is
'Locks the stock rows of variants at a location until the end of the transaction; those that are
missing are made.';
