-- Let go of what an owner holds beyond what is still needed.
create or replace function inventory.shrink_holds(
    p_owner text, p_variant_ids bigint[], p_quantities integer[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_holds inventory.inventory_reservations[];
    v_hold inventory.inventory_reservations;
    v_closed inventory.inventory_reservations[] := '{}';
    v_reduced inventory.inventory_reservations[] := '{}';
    v_credits inventory.inventory_reservations[] := '{}';
    v_keep jsonb;
    v_kept integer;
begin
    v_holds := array(
        select r
        from inventory.inventory_reservations as r
        where r.variant_id = any (p_variant_ids) and r.owner = p_owner and r.open_quantity > 0
        and r.status = 'active'
        order by r.reservation_id
        for no key update
    );
    select jsonb_object_agg(n.variant_id, n.quantity) into v_keep
    from unnest(p_variant_ids, p_quantities) as n (variant_id, quantity);

    -- The last to expire are kept first: what is overdue is no hold any more.
    for v_hold in
        select u.* from unnest(v_holds) as u order by u.expires_at desc, u.reservation_id
    loop
        v_kept := least((v_keep ->> v_hold.variant_id::text)::integer, v_hold.open_quantity);
        v_keep := v_keep || jsonb_build_object(
            v_hold.variant_id::text, (v_keep ->> v_hold.variant_id::text)::integer - v_kept
        );
        if v_kept = 0 then
            v_closed := v_closed || v_hold;
            v_credits := v_credits || v_hold;
        elsif v_kept < v_hold.open_quantity then
            v_hold.open_quantity := v_hold.open_quantity - v_kept;
            v_credits := v_credits || v_hold;
            update inventory.inventory_reservations as r
            set
                quantity = v_kept,
                open_quantity = v_kept,
                seq = r.seq + 1,
                actor = core.actor()
            where r.variant_id = v_hold.variant_id and r.reservation_id = v_hold.reservation_id
            returning r.* into v_hold;
            v_reduced := v_reduced || v_hold;
        end if;
    end loop;
    if cardinality(v_credits) > 0 then
        perform inventory.emit_reservations('reservation.reduced', v_reduced)
        where cardinality(v_reduced) > 0;
        perform inventory.close_reservations(v_closed, 'released')
        where cardinality(v_closed) > 0;
        perform inventory.credit_reservations('release', v_credits);
    end if;
end;
$function$;

comment on function inventory.shrink_holds(text, bigint[], integer[]) is
'Releases active holds of an owner, or makes them smaller, until each variant has at most as many
units held as stated; what is given back is available.';
