-- Set or change what is on hand, with its movement and availability: the one way to do so but
-- shipping.
--
-- A refusal is returned, not raised, so that a bulk call can report it and go on; nothing has
-- changed then but overdue holds that were expired to make room, which is right whenever it
-- happens. Locks the stock row, then, to take units away, its buckets.
create or replace function inventory.change_on_hand(
    p_variant_id bigint,
    p_location_id bigint,
    p_kind text,
    p_target bigint,
    p_delta bigint,
    p_expected_version bigint,
    p_reason text,
    p_reference text,
    out refusal text,
    out detail jsonb,
    out delta bigint,
    out reclaimed bigint,
    out stock inventory.inventory
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_available bigint;
    v_is_new boolean := false;
begin
    reclaimed := 0;
    select i.* into stock
    from inventory.inventory as i
    where i.variant_id = p_variant_id and i.location_id = p_location_id
    for no key update;
    if not found and coalesce(p_expected_version, 0) = 0 then
        -- Nothing is kept here yet: begin, unless the ceiling of a new row refuses.
        if coalesce(p_target, p_delta) not between 0 and coalesce(
            core.rule('on_hand_max'), 999999999
        ) then
            refusal := case when coalesce(p_target, p_delta) < 0 then 'SHI09' else 'SHI07' end;
            detail := jsonb_build_object(
                'on_hand', 0, 'requested', coalesce(p_target, p_delta),
                'max_on_hand', core.rule('on_hand_max')
            );
            return;
        end if;
        v_is_new := inventory.open_stock(p_variant_id, p_location_id);
        select i.* into strict stock
        from inventory.inventory as i
        where i.variant_id = p_variant_id and i.location_id = p_location_id
        for no key update;
    elsif not found then
        refusal := 'SHI09';
        detail := jsonb_build_object('expected_version', p_expected_version);
        return;
    end if;
    if stock.version <> p_expected_version and not v_is_new then
        refusal := 'SHC02';
        detail := jsonb_build_object(
            'expected_version', p_expected_version, 'version', stock.version,
            'on_hand', stock.on_hand, 'last_updated_by', stock.last_updated_by
        );
        return;
    end if;

    delta := coalesce(p_target - stock.on_hand, p_delta);
    if stock.on_hand + delta > stock.max_on_hand then
        refusal := 'SHI07';
        detail := jsonb_build_object(
            'on_hand', stock.on_hand, 'requested', stock.on_hand + delta,
            'max_on_hand', stock.max_on_hand
        );
        return;
    end if;
    if delta < 0 then
        v_available := inventory.lock_stock(p_variant_id, p_location_id);
        if v_available + delta < 0 then
            reclaimed := inventory.reclaim_overdue(
                p_variant_id, p_location_id, -delta - v_available
            );
            v_available := v_available + reclaimed;
        end if;
        if v_available + delta < 0 then
            perform inventory.spread_stock(p_variant_id, p_location_id, v_available)
            where reclaimed > 0;
            refusal := 'SHI06';
            detail := jsonb_build_object(
                'on_hand', stock.on_hand, 'requested', stock.on_hand + delta,
                'damaged', stock.damaged, 'held', stock.on_hand - stock.damaged - v_available
            );
            return;
        end if;
    end if;

    -- A count is worth a movement also when it finds what was expected.
    if delta <> 0 or p_kind = 'count' then
        stock := inventory.move_stock(
            stock, p_kind, delta::integer, 0, p_reason, p_reference, null
        );
    end if;
    if delta < 0 then
        perform inventory.spread_stock(p_variant_id, p_location_id, v_available + delta);
    elsif delta > 0 then
        perform inventory.credit_stock(p_variant_id, p_location_id, delta);
    end if;
end;
$function$;

comment on function inventory.change_on_hand(
    bigint, bigint, text, bigint, bigint, bigint, text, text
) is
'Sets on_hand to a target or changes it by a delta. Returns the SQLSTATE and detail of a refusal,
or the delta, the units reclaimed from overdue holds, and the row as it is now.';
