-- Give holds to another owner: a guest who logs in keeps what is held. Touches no stock, unless the
-- new owner has no slot left for a variant: such a hold is released.
--
-- Holds are locked in ascending order, as everywhere; then slots of the new owner are taken in
-- ascending variant, as by whoever reserves.
create or replace function inventory.move_holds(
    p_from text, p_to text, p_variant_ids bigint[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_slots constant integer := (inventory.reservation_limits(p_to)).slots;
    v_holds inventory.inventory_reservations[];
    v_hold inventory.inventory_reservations;
    v_moved inventory.inventory_reservations[] := '{}';
    v_left inventory.inventory_reservations[] := '{}';
    v_slot integer;
begin
    v_holds := array(
        select r
        from inventory.inventory_reservations as r
        where r.variant_id = any (p_variant_ids) and r.owner = p_from and r.open_quantity > 0
        and r.status = 'active'
        order by r.reservation_id
        for no key update
    );
    for v_hold in
        select h.* from unnest(v_holds) as h order by h.variant_id, h.reservation_id
    loop
        loop
            v_slot := inventory.free_slot(array(
                select r.slot
                from inventory.inventory_reservations as r
                where r.variant_id = v_hold.variant_id and r.owner = p_to and r.open_quantity > 0
                and r.slot is not null
            ), v_slots);
            if v_slot is null or v_hold.expires_at <= clock_timestamp() then
                v_left := v_left || v_hold;
                exit;
            end if;
            begin
                update inventory.inventory_reservations as r
                set
                    owner = p_to,
                    slot = v_slot,
                    slot_limit = v_slots,
                    seq = r.seq + 1,
                    actor = core.actor()
                where r.variant_id = v_hold.variant_id
                and r.reservation_id = v_hold.reservation_id
                returning r.* into v_hold;
                v_moved := v_moved || v_hold;
                exit;
            exception
                when unique_violation then
                    -- The new owner has just taken the slot: look for another. An old snapshot
                    -- would show this one as free forever.
                    perform core.refuse_old_snapshot();
            end;
        end loop;
    end loop;
    perform inventory.emit_reservations('reservation.moved', v_moved)
    where cardinality(v_moved) > 0;
    if cardinality(v_left) > 0 then
        perform inventory.close_reservations(v_left, 'released');
        perform inventory.credit_reservations('release', v_left);
    end if;
end;
$function$;

comment on function inventory.move_holds(text, text, bigint[]) is
'Makes the live holds of one owner for variants those of another; those that are overdue, or that
the other has no slot for, are released.';
