-- Write holds and take their stock, without a look: what the fast paths of orders.place and
-- inventory.reserve_inventory share. Its statements are few and none is in a loop but the last,
-- because starting a statement costs more than the rows that it reads or writes.
--
-- The stock comes last, because a row lock is held until the commit has been flushed: one guarded
-- update a line, in ascending order of variant, so that two calls never wait for each other. A
-- guarded update that waited and then failed still holds its row, and waiting for anything else
-- then could deadlock; so the caller rolls everything back that it did since, by a block that
-- catches what this raises.
create or replace function inventory.take_holds(
    p_owner text,
    p_lines inventory.reservation_line[],
    p_slot_limit integer,
    p_created_at timestamptz,
    p_expires_at timestamptz
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_key bigint;
begin
    insert into inventory.inventory_reservations (
        variant_id, reservation_id, location_id, owner, slot, slot_limit, quantity,
        open_quantity, expires_at, created_at, actor
    )
    overriding system value
    select
        l.variant_id, l.reservation_id, l.location_id, p_owner, l.slot, p_slot_limit,
        l.quantity, l.quantity, p_expires_at, p_created_at, core.actor()
    from unnest(p_lines) as l;
    perform inventory.emit_reserved(p_lines, p_expires_at);
    for v_line in 1..cardinality(p_lines) loop
        -- The key is the bucket's place in the lock order: waiting closes no circle. Few at a
        -- time, because the table of locks is shared by all sessions.
        v_key := (p_lines[v_line].variant_id << 22)
            | (p_lines[v_line].location_id << 6) | p_lines[v_line].bucket;
        if cardinality(p_lines) <= 16 and not pg_try_advisory_xact_lock(v_key) then
            perform inventory.wait_in_line(v_key);
        end if;
        update inventory.stock_buckets as b
        set available = b.available - p_lines[v_line].quantity
        where b.variant_id = p_lines[v_line].variant_id
        and b.location_id = p_lines[v_line].location_id
        and b.bucket = p_lines[v_line].bucket
        and b.available >= p_lines[v_line].quantity;
        if not found then
            raise no_data_found;
        end if;
    end loop;
end;
$function$;

comment on function inventory.take_holds(
    text, inventory.reservation_line[], integer, timestamptz, timestamptz
) is
'Holds units of buckets for an owner: lines in ascending order of variant, each with its location,
bucket, number and slot. Raises no_data_found where a bucket has too little.';
