-- Promise stock to an owner: the hottest function of the shop.
--
-- The fast path is what nearly every call takes. Its statements are few and none is in a loop but
-- the last, because starting a statement costs more than the rows that it reads or writes:
--   1. a plain read finds each line's variant, location, a random bucket and a free slot;
--   2. the idempotency key, together with the answer, which is known already;
--   3. inventory.take_holds: holds, events, and the stock last.
-- What it fails at rolls the whole fast path back: see there.
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
            cross join lateral inventory.find_bucket(
                v.variant_id, e.quantity, p_location, e.draw
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
                perform inventory.take_holds(
                    p_owner, v_lines, v_slot_limit, v_now, v_expires_at
                );
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
