-- Give up what was sold and has not been shipped.
create or replace function inventory.cancel_holds(p_items jsonb)
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_taken inventory.inventory_reservations[];
begin
    v_taken := inventory.take_open_quantity(p_items, false);
    perform inventory.credit_reservations('cancel', array(
        select jsonb_populate_record(t, jsonb_build_object('open_quantity', t.quantity))
        from unnest(v_taken) as t
    ));
    return v_taken;
end;
$function$;

comment on function inventory.cancel_holds(jsonb) is
'Gives up units of committed reservations, whosever they are, and makes them available; returns them
with the units given up as their quantity. Errors: those of inventory.take_open_quantity.';
