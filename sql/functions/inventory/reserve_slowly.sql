-- Reserve under locks: when no single bucket covers a line, a location does not, or slots are
-- disputed.
--
-- Lock order: the owner's own overdue holds by number, then inserts of holds, which may wait for
-- a slot that another call of the owner is taking, then stock by variant and location. A hold is
-- inserted for each location that could serve, before the first stock lock; how much each gives
-- is decided under the locks, and holds that are not needed go away again.
create or replace function inventory.reserve_slowly(
    p_owner text,
    p_variant_ids bigint[],
    p_quantities bigint[],
    p_location_id bigint,
    p_slot_limit integer,
    p_expires_at timestamptz
)
returns table (
    variant_id bigint, reservation_id bigint, sku text, location text, quantity integer
)
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_own inventory.inventory_reservations[];
    v_place record;
    v_slot integer;
    v_reservation_id bigint;
    v_found bigint;
    v_is_out_of_slots boolean;
    v_missing bigint;
    v_part bigint;
    v_available bigint;
    v_reclaimed bigint;
    v_credits jsonb := '{}';
    v_holds jsonb := '{}';
    v_stock jsonb;
    v_shortages jsonb := '[]';
    v_made inventory.inventory_reservations[];
    v_changed_variant_ids bigint[] := '{}';
    v_available_deltas bigint[] := '{}';
    v_reserved_deltas bigint[] := '{}';
begin
    -- An owner's own overdue holds take no slots from a new one.
    if p_slot_limit is not null then
        v_own := array(
            select r
            from inventory.inventory_reservations as r
            where r.variant_id = any (p_variant_ids) and r.owner = p_owner
            and r.open_quantity > 0 and r.status = 'active' and r.expires_at <= clock_timestamp()
            order by r.reservation_id
            for no key update
        );
        if cardinality(v_own) > 0 then
            perform inventory.close_reservations(v_own, 'expired');
            select jsonb_object_agg(o.place, o.quantity)
            into v_credits
            from (
                select
                    r.variant_id || '-' || r.location_id as place,
                    sum(r.open_quantity) as quantity
                from unnest(v_own) as r
                group by r.variant_id, r.location_id
            ) as o;
        end if;
    end if;

    for v_line in 1..cardinality(p_variant_ids) loop
        v_found := 0;
        v_is_out_of_slots := false;
        -- Where a plain read finds units, best first: a place that covers the line alone goes
        -- before one that would split the parcel. Others get a hold as well, as far as there are
        -- slots: under the locks the best place may turn out to have been sold out.
        <<places>>
        for v_place in
            select s.location_id, a.available
            from inventory.find_available(p_variant_ids[v_line], p_location_id)
                with ordinality as s (location_id, available, position)
            cross join lateral (
                select s.available + coalesce((
                    v_credits ->> (p_variant_ids[v_line] || '-' || s.location_id)
                )::bigint, 0) as available
            ) as a
            where a.available > 0
            order by a.available >= p_quantities[v_line] desc, s.position
        loop
            loop
                if p_slot_limit is not null then
                    v_slot := inventory.free_slot(array(
                        select r.slot
                        from inventory.inventory_reservations as r
                        where r.variant_id = p_variant_ids[v_line] and r.owner = p_owner
                        and r.open_quantity > 0 and r.slot is not null
                    ), p_slot_limit);
                    v_is_out_of_slots := v_slot is null;
                    exit places when v_is_out_of_slots;
                end if;
                insert into inventory.inventory_reservations as r (
                    variant_id, location_id, owner, slot, slot_limit, quantity, open_quantity,
                    expires_at, created_at, actor
                )
                values (
                    p_variant_ids[v_line], v_place.location_id, p_owner, v_slot, p_slot_limit, 1,
                    1, p_expires_at, clock_timestamp(), core.actor()
                )
                on conflict (variant_id, owner, slot) where open_quantity > 0 do nothing
                returning r.reservation_id into v_reservation_id;
                exit when found;
            end loop;
            v_found := v_found + v_place.available;
            v_holds := v_holds || jsonb_build_object(
                p_variant_ids[v_line] || '-' || v_place.location_id, v_reservation_id
            );
        end loop places;
        if v_is_out_of_slots and v_found < p_quantities[v_line] then
            perform core.refuse('SHI02', jsonb_build_object(
                'sku', (
                    select s.sku from product.variants as s
                    where s.variant_id = p_variant_ids[v_line]
                ),
                'limit', p_slot_limit
            ));
        end if;
    end loop;

    for v_line in 1..cardinality(p_variant_ids) loop
        -- What each place has, all of them locked in ascending order.
        v_stock := '{}';
        for v_place in
            select s.location_id
            from inventory.inventory as s
            where s.variant_id = p_variant_ids[v_line]
            and (
                v_holds ? (s.variant_id || '-' || s.location_id)
                or v_credits ? (s.variant_id || '-' || s.location_id)
            )
            order by s.location_id
        loop
            v_stock := v_stock || jsonb_build_object(
                v_place.location_id::text,
                inventory.lock_stock(p_variant_ids[v_line], v_place.location_id) + coalesce((
                    v_credits ->> (p_variant_ids[v_line] || '-' || v_place.location_id)
                )::bigint, 0)
            );
        end loop;

        v_missing := p_quantities[v_line];
        v_reclaimed := 0;
        for v_place in
            select
                k.location_id, k.rank, (a.value)::bigint as available,
                (v_holds ->> (p_variant_ids[v_line] || '-' || k.location_id))::bigint
                    as reservation_id
            from jsonb_each_text(v_stock) as a
            inner join inventory.locations as k on k.location_id = (a.key)::bigint
            -- A place that covers the line alone goes before one that would split the parcel.
            order by
                v_holds ? (p_variant_ids[v_line] || '-' || k.location_id) desc,
                (a.value)::bigint >= p_quantities[v_line] desc, k.rank, k.location_id
        loop
            v_available := v_place.available;
            if v_place.reservation_id is not null then
                if v_available < v_missing then
                    v_part := inventory.reclaim_overdue(
                        p_variant_ids[v_line], v_place.location_id, v_missing - v_available
                    );
                    v_available := v_available + v_part;
                    v_reclaimed := v_reclaimed + v_part;
                end if;
                v_part := least(v_available, v_missing);
                v_missing := v_missing - v_part;
                v_available := v_available - v_part;
                if v_part > 0 then
                    update inventory.inventory_reservations as r
                    set quantity = v_part, open_quantity = v_part
                    where r.variant_id = p_variant_ids[v_line]
                    and r.reservation_id = v_place.reservation_id;
                else
                    delete from inventory.inventory_reservations as r
                    where r.variant_id = p_variant_ids[v_line]
                    and r.reservation_id = v_place.reservation_id;
                end if;
            end if;
            perform inventory.spread_stock(
                p_variant_ids[v_line], v_place.location_id, v_available
            );
        end loop;

        if v_missing > 0 then
            v_shortages := v_shortages || jsonb_build_object(
                'sku', (
                    select s.sku from product.variants as s
                    where s.variant_id = p_variant_ids[v_line]
                ),
                'requested', p_quantities[v_line],
                'available', p_quantities[v_line] - v_missing
            );
        end if;
        v_reclaimed := v_reclaimed + coalesce((
            select sum((c.value)::bigint)
            from jsonb_each_text(v_credits) as c
            where split_part(c.key, '-', 1)::bigint = p_variant_ids[v_line]
        ), 0);
        v_changed_variant_ids := v_changed_variant_ids || p_variant_ids[v_line];
        v_available_deltas := v_available_deltas || v_reclaimed - p_quantities[v_line];
        v_reserved_deltas := v_reserved_deltas || p_quantities[v_line] - v_reclaimed;
    end loop;
    if v_shortages <> '[]' then
        perform core.refuse('SHI01', jsonb_build_object('shortages', v_shortages));
    end if;

    select array_agg(r order by r.variant_id, r.reservation_id)
    into v_made
    from jsonb_each_text(v_holds) as h
    inner join inventory.inventory_reservations as r
        on r.variant_id = split_part(h.key, '-', 1)::bigint
        and r.reservation_id = (h.value)::bigint;
    perform inventory.emit_reservations('reservation.created', v_made);
    perform inventory.emit_stock_updated(
        'reserve', v_changed_variant_ids, v_available_deltas, v_reserved_deltas,
        array_fill(0::bigint, array[cardinality(v_changed_variant_ids)])
    );

    return query
    select m.variant_id, m.reservation_id, v.sku, k.code, m.quantity
    from unnest(v_made) as m
    inner join product.variants as v on v.variant_id = m.variant_id
    inner join inventory.locations as k on k.location_id = m.location_id
    order by m.variant_id, k.rank, k.location_id;
end;
$function$;

comment on function inventory.reserve_slowly(
    text, bigint[], bigint[], bigint, integer, timestamptz
) is
'Reserves lines, given in ascending order of variant, under locks on their stock; returns the holds.
Errors: INSUFFICIENT_STOCK, RESERVATION_LIMIT_REACHED.';
