-- What release and commit share: lock the holds, close them once, answer for repetitions.
create or replace function inventory.finish_holds(
    p_scope text, p_reservations text[], p_idempotency_key text, p_status text
)
returns table (reservation text, quantity integer)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_response jsonb;
    v_locked inventory.inventory_reservations[];
begin
    v_response := core.claim_key(p_scope, p_idempotency_key, to_jsonb(p_reservations));
    if v_response is null then
        v_locked := inventory.lock_reservations(p_reservations);
        perform inventory.check_outside_orders(v_locked);
        -- Past its expiry a hold may still be released, as long as nobody has expired it.
        perform inventory.check_active(v_locked, p_status = 'released');
        perform inventory.close_reservations(v_locked, p_status);
        perform inventory.credit_reservations('release', v_locked)
        where p_status = 'released';
        select jsonb_agg(jsonb_build_object(
            'reservation', l.variant_id || '-' || l.reservation_id, 'quantity', l.open_quantity
        ))
        into v_response
        from unnest(v_locked) as l;
        perform core.store_response(p_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.* from jsonb_to_recordset(v_response) as r (reservation text, quantity integer);
end;
$function$;

comment on function inventory.finish_holds(text, text[], text, text) is
'Releases or consumes active holds, all or none; returns the units of each.';
