-- Promise stock to an owner: the hottest function of the shop.
--
-- The fast path is what nearly every call takes. Its statements are few and none is in a loop but
-- the last, because starting a statement costs more than the rows that it reads or writes:
--   1. a plain read finds each line's variant, location, a random bucket and a free slot;
--   2. the idempotency key, together with the answer, which is known already; the holds; their
--      events;
--   3. the stock last, because a row lock is held until the commit has been flushed: one guarded
--      update a line, in ascending order of variant, so that two calls never wait for each other.
-- A guarded update that waited and then failed still holds its row, and waiting for anything else
-- then could deadlock; so a failure rolls the whole fast path back.
--
-- Whatever is not plain (something malformed or unknown, too little in one bucket, all slots taken,
-- a key that is there already) goes to inventory.reserve_carefully: every refusal comes from there.
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
-- The plans do not depend on the values, and planning them costs ten times a call. Indexes even
-- where a session planned while the tables were empty: such a plan is kept until they are analyzed.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $function$
#variable_conflict use_column
declare
    v_scope constant text := 'inventory.reserve_inventory/' || p_owner;
    v_request constant jsonb := jsonb_build_object('items', p_items, 'location', p_location);
    v_now constant timestamptz := clock_timestamp();
    v_lines inventory.reservation_line[];
    v_slot_limit integer;
    v_expires_at timestamptz;
    v_is_plain boolean;
    v_key bigint;
    v_is_taken boolean := false;
    v_response jsonb;
begin
    select u.slots, v_now + u.lasts, l.lines, u.is_ready and l.is_plain and (
        u.items is null or cardinality(l.lines) <= u.items
    )
    into v_slot_limit, v_expires_at, v_lines, v_is_plain
    from inventory.reservation_limits(p_owner) as u
    cross join lateral (
        select
            array_agg(
                row(
                    f.variant_id, e.item ->> 'sku', e.quantity, f.location_id, f.code, f.bucket,
                    nextval('inventory.inventory_reservations_reservation_id_seq'), f.slot
                )::inventory.reservation_line
                order by f.variant_id
            ) as lines,
            count(distinct f.variant_id) = count(*) and bool_and(coalesce(
                f.available >= e.quantity and (f.slot is not null or u.slots is null), false
            )) as is_plain
        from (
            select
                j.item, random() as draw,
                case
                    when jsonb_typeof(j.item) = 'object'
                    and jsonb_typeof(j.item -> 'sku') = 'string'
                    and jsonb_typeof(j.item -> 'quantity') = 'number'
                    and (j.item -> 'quantity')::numeric between 1 and 999999999
                    and scale((j.item -> 'quantity')::numeric) = 0
                    and j.item - 'sku' - 'quantity' = '{}'
                        then (j.item -> 'quantity')::integer
                end as quantity
            from jsonb_array_elements(
                case when jsonb_typeof(p_items) = 'array' then p_items else '[]' end
            ) as j (item)
            offset 0
        ) as e
        -- Each step finds its row by an index, whatever the planner thinks of the tables.
        left join lateral (
            select
                v.variant_id, i.location_id, i.code, i.bucket, i.available,
                case
                    when u.slots is null then null
                    when s.taken = '{}' and u.slots > 0 then 1
                    else inventory.free_slot(s.taken, u.slots)
                end as slot
            from (
                select w.variant_id
                from product.variants as w
                inner join product.products as p on p.product_id = w.product_id
                where w.sku = e.item ->> 'sku' and w.is_active and p.status = 'active'
                limit 1
            ) as v
            cross join lateral (
                select w.location_id, k.code, b.bucket::integer as bucket, b.available
                from inventory.inventory as w
                inner join inventory.locations as k on k.location_id = w.location_id
                inner join inventory.stock_buckets as b
                    on b.variant_id = v.variant_id and b.location_id = w.location_id
                    and b.bucket = floor(e.draw * w.bucket_count)::integer
                where w.variant_id = v.variant_id and k.is_active
                and (p_location is null or k.code = p_location)
                -- Other buckets of the place may cover what this one does not: no place beside it
                -- may be taken for that.
                and (b.available >= e.quantity or w.bucket_count > 1)
                order by k.rank, k.location_id
                limit 1
            ) as i
            cross join lateral (
                select array(
                    select r.slot
                    from inventory.inventory_reservations as r
                    where r.variant_id = v.variant_id and r.owner = p_owner
                    and r.open_quantity > 0 and r.slot is not null
                ) as taken
            ) as s
            limit 1
        ) as f on true
    ) as l;

    if v_is_plain then
        begin
            v_response := core.claim_key(v_scope, p_idempotency_key, v_request, (
                select jsonb_agg(jsonb_build_object(
                    'reservation', l.variant_id || '-' || l.reservation_id, 'sku', l.sku,
                    'location', l.location, 'quantity', l.quantity, 'expires_at', v_expires_at
                ))
                from unnest(v_lines) as l
            ));
            if v_response is null then
                if p_owner like 'order:%' then
                    perform inventory.check_order_need(
                        p_owner, array_agg(l.variant_id), array_agg(l.quantity::bigint)
                    )
                    from unnest(v_lines) as l;
                end if;
                insert into inventory.inventory_reservations (
                    variant_id, reservation_id, location_id, owner, slot, slot_limit, quantity,
                    open_quantity, expires_at, created_at, actor
                )
                overriding system value
                select
                    l.variant_id, l.reservation_id, l.location_id, p_owner, l.slot, v_slot_limit,
                    l.quantity, l.quantity, v_expires_at, v_now, core.actor()
                from unnest(v_lines) as l;
                perform inventory.emit_reserved(v_lines, v_expires_at);
                for v_line in 1..cardinality(v_lines) loop
                    -- The key is the bucket's place in the lock order: waiting closes no circle.
                    -- Few at a time, because the table of locks is shared by all sessions.
                    v_key := (v_lines[v_line].variant_id << 22)
                        | (v_lines[v_line].location_id << 6) | v_lines[v_line].bucket;
                    if cardinality(v_lines) <= 16 and not pg_try_advisory_xact_lock(v_key) then
                        perform inventory.wait_in_line(v_key);
                    end if;
                    update inventory.stock_buckets as b
                    set available = b.available - v_lines[v_line].quantity
                    where b.variant_id = v_lines[v_line].variant_id
                    and b.location_id = v_lines[v_line].location_id
                    and b.bucket = v_lines[v_line].bucket
                    and b.available >= v_lines[v_line].quantity;
                    if not found then
                        raise no_data_found;
                    end if;
                end loop;
                v_is_taken := true;
            end if;
        exception
            when no_data_found or unique_violation then
                -- Another buyer was first at the bucket, or another call of the owner at the slot.
                null;
        end;
    end if;

    if v_is_taken then
        return query
        select
            l.variant_id || '-' || l.reservation_id, l.sku, l.location, l.quantity, v_expires_at
        from unnest(v_lines) as l;
    else
        return query
        select r.*
        from jsonb_to_recordset(coalesce(v_response, inventory.reserve_carefully(
            p_items, p_owner, p_location, v_scope, p_idempotency_key, v_request
        ))) as r (
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
RESERVATION_OF_ORDER (an order of this shop lacks no more), PRODUCT_NOT_FOUND, PRODUCT_NOT_ACTIVE,
LOCATION_NOT_FOUND, USER_NOT_FOUND, USER_NOT_ACTIVE, RULE_NOT_FOUND, INVALID_ARGUMENT,
IDEMPOTENCY_KEY_REUSED. Replica: no (writes).';
grant execute on function inventory.reserve_inventory(jsonb, text, text, text)
to inventory_service;
