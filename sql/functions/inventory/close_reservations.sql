-- End the active state of locked holds, each once. Consumed ones go on keeping their units back;
-- what the others kept is the caller's to credit.
create or replace function inventory.close_reservations(
    p_locked inventory.inventory_reservations[], p_status text
)
returns inventory.inventory_reservations[]
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_closed inventory.inventory_reservations[];
begin
    with closed as (
        update inventory.inventory_reservations as r
        set
            status = p_status,
            slot = null,
            open_quantity = case p_status when 'consumed' then r.open_quantity else 0 end,
            seq = r.seq + 1,
            closed_at = clock_timestamp(),
            actor = core.actor()
        from unnest(p_locked) as l
        where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
        returning r.*
    )
    select array_agg(c order by c.reservation_id) into v_closed from closed as c;

    perform inventory.emit_reservations('reservation.' || p_status, v_closed);
    return v_closed;
end;
$function$;

comment on function inventory.close_reservations(inventory.inventory_reservations[], text) is
'Makes locked, active reservations consumed, released or expired; returns them as they are now.';
