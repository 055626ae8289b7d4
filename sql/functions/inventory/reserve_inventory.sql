-- Promise stock to an owner: the hottest function of the shop.
--
-- The work that needs no lock comes first and the stock last, because a row lock is held until the
-- commit has been flushed:
--   1. plain reads find each line's variant, location, a random bucket and a free slot; what they
--      show to be sold out is refused here, with no lock and no write;
--   2. the idempotency key is claimed, together with the answer, which is known already;
--   3. the fast path, in a subtransaction: holds, events, then one guarded update a line. A guarded
--      update that waited and then failed still holds its row, and waiting for anything else then
--      could deadlock; so a failure rolls all of it back first;
--   4. the slow path, inventory.reserve_slowly, decides under locks.
-- Lines go in ascending order of variant everywhere, so that two calls never wait for each other.
-- Single-row statements in loops rather than one over arrays: starting a large plan costs more than
-- the few rows that it reads.
create or replace function inventory.reserve_inventory(
    p_items jsonb,
    p_owner text,
    p_location text default null,
    p_idempotency_key text default null
)
returns table (
    reservation text, sku text, location text, quantity integer, expires_at timestamptz
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- Plans that a session made while the tables were empty are kept until they are analyzed.
set enable_seqscan = off
as $function$
#variable_conflict use_column
declare
    v_scope constant text := 'inventory.reserve_inventory/' || p_owner;
    v_request constant jsonb := jsonb_build_object('items', p_items, 'location', p_location);
    v_response jsonb;
    v_answer jsonb[] := '{}';
    v_limits record;
    v_now timestamptz;
    v_expires_at timestamptz;
    v_location_id bigint;
    v_unknown jsonb := '[]';
    v_inactive jsonb := '[]';
    v_variant_ids bigint[] := '{}';
    v_skus text[] := '{}';
    v_quantities bigint[] := '{}';
    v_location_ids bigint[] := '{}';
    v_locations text[] := '{}';
    v_buckets integer[] := '{}';
    v_slots integer[] := '{}';
    v_reservation_ids bigint[] := '{}';
    v_shortages jsonb;
    v_is_well_formed boolean;
    v_is_covered boolean := true;
    v_is_fast boolean;
    v_is_taken boolean := false;
begin
    <<work>>
    begin
        v_limits := inventory.reservation_limits(p_owner);
        perform core.check_item_count(p_items, null);
        if jsonb_array_length(p_items) > v_limits.items then
            v_response := core.stored_response(v_scope, p_idempotency_key, v_request);
            exit work when v_response is not null;
            perform core.check_item_count(p_items, v_limits.items);
        end if;
        if p_location is not null then
            v_location_id := inventory.find_location(p_location);
        end if;

        for v_position in 0..jsonb_array_length(p_items) - 1 loop
            select
                l.is_well_formed,
                v_unknown || case when v.variant_id is null then l.item -> 'sku' else '[]' end,
                v_inactive || case when not v.is_active then l.item -> 'sku' else '[]' end,
                v_variant_ids || v.variant_id,
                v_skus || l.sku,
                v_quantities || l.quantity,
                v_location_ids || i.location_id,
                v_locations || i.code,
                v_buckets || i.bucket,
                v_reservation_ids
                || nextval('inventory.inventory_reservations_reservation_id_seq'),
                v_slots || case when v_limits.slots is not null then inventory.free_slot(
                    v.variant_id, p_owner, v_limits.slots
                ) end,
                v_is_covered and coalesce(b.available >= l.quantity, false)
            into
                v_is_well_formed, v_unknown, v_inactive, v_variant_ids, v_skus, v_quantities,
                v_location_ids, v_locations, v_buckets, v_reservation_ids, v_slots, v_is_covered
            from (
                select
                    e.item, e.item ->> 'sku' as sku, q.quantity::bigint as quantity,
                    coalesce(jsonb_typeof(e.item -> 'sku') = 'string', false)
                    and scale(q.quantity) = 0 and q.quantity between 1 and 999999999
                    and e.item - 'sku' - 'quantity' = '{}' as is_well_formed
                from (select p_items -> v_position as item offset 0) as e
                cross join lateral (
                    select case when jsonb_typeof(e.item -> 'quantity') = 'number'
                        then (e.item -> 'quantity')::numeric
                    end as quantity
                    offset 0
                ) as q
                offset 0
            ) as l
            left join lateral (
                select s.variant_id, s.is_active and p.status = 'active' as is_active
                from product.variants as s
                inner join product.products as p on p.product_id = s.product_id
                where s.sku = l.sku
                limit 1
            ) as v on true
            left join lateral (
                select
                    s.location_id, k.code, floor(random() * s.bucket_count)::integer as bucket
                from inventory.inventory as s
                inner join inventory.locations as k on k.location_id = s.location_id
                where s.variant_id = v.variant_id and k.is_active
                and (v_location_id is null or s.location_id = v_location_id)
                order by k.rank, k.location_id
                limit 1
            ) as i on true
            left join inventory.stock_buckets as b
                on b.variant_id = v.variant_id and b.location_id = i.location_id
                and b.bucket = i.bucket;
            if v_is_well_formed is not true then
                perform core.check_items(p_items, '{"sku": "text", "quantity": "positive"}', null);
            end if;
        end loop;
        if v_unknown <> '[]' then
            v_response := core.stored_response(v_scope, p_idempotency_key, v_request);
            exit work when v_response is not null;
            perform core.refuse('SHP01', jsonb_build_object('skus', v_unknown));
        end if;

        if cardinality(v_variant_ids) > 1 then
            -- In lock order, and lines of one variant as one.
            select
                array_agg(l.variant_id order by l.variant_id),
                array_agg(l.sku order by l.variant_id),
                array_agg(l.quantity order by l.variant_id),
                array_agg(l.location_id order by l.variant_id),
                array_agg(l.location order by l.variant_id),
                array_agg(l.bucket order by l.variant_id),
                array_agg(l.reservation_id order by l.variant_id),
                array_agg(l.slot order by l.variant_id),
                v_is_covered and bool_and(l.lines = 1)
            into
                v_variant_ids, v_skus, v_quantities, v_location_ids, v_locations, v_buckets,
                v_reservation_ids, v_slots, v_is_covered
            from (
                select
                    u.variant_id, u.sku, sum(u.quantity)::bigint as quantity,
                    min(u.location_id) as location_id, min(u.location) as location,
                    min(u.bucket) as bucket, min(u.reservation_id) as reservation_id,
                    min(u.slot) as slot, count(*) as lines
                from unnest(
                    v_variant_ids, v_skus, v_quantities, v_location_ids, v_locations, v_buckets,
                    v_reservation_ids, v_slots
                ) as u (
                    variant_id, sku, quantity, location_id, location, bucket, reservation_id, slot
                )
                group by u.variant_id, u.sku
            ) as l;
        end if;

        if v_inactive <> '[]' or not v_is_covered then
            v_shortages := inventory.find_shortages(v_variant_ids, v_quantities, v_location_id);
            if v_inactive <> '[]' or v_shortages is not null then
                -- A repetition gets its answer, even if the same request would be refused by now:
                -- also one that was answered between the look at the stock and this look.
                v_response := core.stored_response(v_scope, p_idempotency_key, v_request);
                exit work when v_response is not null;
                if v_inactive <> '[]' then
                    perform core.refuse('SHP02', jsonb_build_object('skus', v_inactive));
                end if;
                perform core.refuse('SHI01', jsonb_build_object('shortages', v_shortages));
            end if;
            -- There is enough, though not in the buckets that came up: look for some that cover, at
            -- the best location that has one.
            select
                array_agg(b.location_id order by l.line),
                array_agg(b.code order by l.line),
                array_agg(b.bucket order by l.line),
                bool_and(b.bucket is not null)
            into v_location_ids, v_locations, v_buckets, v_is_covered
            from unnest(v_variant_ids, v_quantities) with ordinality
                as l (variant_id, quantity, line)
            left join lateral (
                select s.location_id, k.code, s.bucket::integer as bucket
                from inventory.stock_buckets as s
                inner join inventory.locations as k on k.location_id = s.location_id
                where s.variant_id = l.variant_id and k.is_active
                and (v_location_id is null or s.location_id = v_location_id)
                and s.available >= l.quantity
                order by k.rank, k.location_id, random()
                limit 1
            ) as b on true;
        end if;

        v_is_fast := v_is_covered
            and (v_limits.slots is null or array_position(v_slots, null) is null);
        v_now := clock_timestamp();
        v_expires_at := v_now + v_limits.lasts;
        if v_is_fast then
            for v_line in 1..cardinality(v_variant_ids) loop
                v_answer[v_line] := jsonb_build_object(
                    'reservation', v_variant_ids[v_line] || '-' || v_reservation_ids[v_line],
                    'sku', v_skus[v_line], 'location', v_locations[v_line],
                    'quantity', v_quantities[v_line], 'expires_at', v_expires_at
                );
            end loop;
        end if;

        v_response := core.claim_key(
            v_scope, p_idempotency_key, v_request, case when v_is_fast then to_jsonb(v_answer) end
        );
        exit work when v_response is not null;

        if v_is_fast then
            begin
                for v_line in 1..cardinality(v_variant_ids) loop
                    insert into inventory.inventory_reservations (
                        variant_id, reservation_id, location_id, owner, slot, slot_limit,
                        quantity, open_quantity, expires_at, created_at, actor
                    )
                    overriding system value
                    values (
                        v_variant_ids[v_line], v_reservation_ids[v_line], v_location_ids[v_line],
                        p_owner, v_slots[v_line], v_limits.slots, v_quantities[v_line],
                        v_quantities[v_line], v_expires_at, v_now, core.actor()
                    );
                end loop;
                perform inventory.emit_reserved(
                    v_variant_ids, v_skus, v_reservation_ids, v_location_ids, v_quantities,
                    v_expires_at
                );
                for v_line in 1..cardinality(v_variant_ids) loop
                    update inventory.stock_buckets as b
                    set available = b.available - v_quantities[v_line]
                    where b.variant_id = v_variant_ids[v_line]
                    and b.location_id = v_location_ids[v_line]
                    and b.bucket = v_buckets[v_line]
                    and b.available >= v_quantities[v_line];
                    if not found then
                        raise no_data_found;
                    end if;
                end loop;
                v_is_taken := true;
            exception
                when no_data_found or unique_violation then
                    -- Another buyer was first at the bucket, or another call of the owner at the
                    -- slot.
                    null;
            end;
            exit work when v_is_taken;
        end if;

        for v_attempt in 1..5 loop
            v_shortages := inventory.find_shortages(v_variant_ids, v_quantities, v_location_id);
            if v_shortages is not null then
                perform core.refuse('SHI01', jsonb_build_object('shortages', v_shortages));
            end if;
            begin
                select jsonb_agg(jsonb_build_object(
                    'reservation', s.variant_id || '-' || s.reservation_id, 'sku', s.sku,
                    'location', s.location, 'quantity', s.quantity, 'expires_at', v_expires_at
                ))
                into v_response
                from inventory.reserve_slowly(
                    p_owner, v_variant_ids, v_quantities, v_location_id, v_limits.slots,
                    v_expires_at
                ) as s;
                exit;
            exception
                when sqlstate 'SHI01' then
                    if v_attempt = 5 then
                        raise;
                    end if;
                    -- What the plain read counted may be in overdue holds that others were closing:
                    -- wait for those, in order and with no stock locked, and look again. The locks
                    -- are given back at once: kept ones would be out of order with the holds that
                    -- come due until the next attempt, and others would skip these holds.
                    v_now := clock_timestamp();
                    begin
                        perform
                        from inventory.inventory_reservations as r
                        where r.variant_id = any (v_variant_ids) and r.status = 'active'
                        and r.expires_at <= v_now
                        order by r.reservation_id
                        for no key update;
                        raise no_data_found;
                    exception
                        when no_data_found then
                            null;
                    end;
            end;
        end loop;
        perform core.store_response(v_scope, p_idempotency_key, v_response);
    end work;

    if v_is_taken then
        -- The hot row is locked by now: assignments are sooner done than a query is started.
        for v_line in 1..cardinality(v_variant_ids) loop
            reservation := v_variant_ids[v_line] || '-' || v_reservation_ids[v_line];
            sku := v_skus[v_line];
            location := v_locations[v_line];
            quantity := v_quantities[v_line];
            expires_at := v_expires_at;
            return next;
        end loop;
    else
        return query
        select r.*
        from jsonb_to_recordset(v_response) as r (
            reservation text, sku text, location text, quantity integer, expires_at timestamptz
        );
    end if;
end;
$function$;

comment on function inventory.reserve_inventory(jsonb, text, text, text) is
'Promises stock to an owner, all of the items or none: 1 to 1,000 objects {"sku", "quantity"}
(lines of one SKU are added up), for user:<number>, session:<text> or order:<number>, from one
location or, without one, from the best-ranked ones. Returns a row a reservation, with its handle
and expiry; a hold of a cart lasts cart_hold_minutes, one of an order pending_order_minutes.
Errors: INSUFFICIENT_STOCK (with what is short, line by line), RESERVATION_LIMIT_REACHED,
PRODUCT_NOT_FOUND, PRODUCT_NOT_ACTIVE, LOCATION_NOT_FOUND, USER_NOT_FOUND, USER_NOT_ACTIVE,
RULE_NOT_FOUND, INVALID_ARGUMENT, IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.reserve_inventory(jsonb, text, text, text)
to inventory_service;
