-- Give what an owner holds to an order, for as long as the order lives. Touches no stock: of a hold
-- with more units than the order needs, the owner keeps the others, in the slot that was its.
--
-- Holds of an order take no slots. What is past its expiry is no hold any more, and is not even
-- locked: others may be waiting for it, and the caller may go on to wait for theirs.
create or replace function inventory.assign_holds(
    p_owner text, p_to text, p_expires_at timestamptz, p_demand jsonb
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_holds inventory.inventory_reservations[];
    v_moved inventory.inventory_reservations[];
    v_left inventory.inventory_reservations[];
    v_missing jsonb;
begin
    v_holds := array(
        select r
        from jsonb_to_recordset(p_demand) as d (variant_id bigint)
        inner join inventory.inventory_reservations as r
            on r.variant_id = d.variant_id and r.owner = p_owner and r.open_quantity > 0
        where r.status = 'active' and r.expires_at > clock_timestamp()
        order by r.reservation_id
        for no key update of r
    );
    -- The last to expire are taken first, so that those which the owner keeps end soonest.
    with live as (
        select
            h.*,
            least(h.open_quantity, greatest(d.quantity - coalesce(sum(h.open_quantity) over (
                partition by h.variant_id order by h.expires_at desc, h.reservation_id
                rows between unbounded preceding and 1 preceding
            ), 0), 0)) as taken
        from unnest(v_holds) as h
        inner join jsonb_to_recordset(p_demand) as d (variant_id bigint, quantity bigint)
            on d.variant_id = h.variant_id
        where h.expires_at > clock_timestamp()
    ),
    moved as (
        update inventory.inventory_reservations as r
        set
            owner = p_to,
            slot = null,
            slot_limit = null,
            quantity = l.taken,
            open_quantity = l.taken,
            expires_at = greatest(r.expires_at, p_expires_at),
            seq = r.seq + 1,
            actor = core.actor()
        from live as l
        where r.variant_id = l.variant_id and r.reservation_id = l.reservation_id
        and l.taken > 0
        returning r.*
    )
    select array_agg(m order by m.reservation_id) into v_moved from moved as m;

    with kept as (
        insert into inventory.inventory_reservations (
            variant_id, location_id, owner, slot, slot_limit, quantity, open_quantity, expires_at,
            created_at, actor
        )
        select
            h.variant_id, h.location_id, h.owner, h.slot, h.slot_limit,
            h.open_quantity - m.open_quantity, h.open_quantity - m.open_quantity, h.expires_at,
            clock_timestamp(), core.actor()
        from unnest(v_moved) as m
        inner join unnest(v_holds) as h
            on h.variant_id = m.variant_id and h.reservation_id = m.reservation_id
        where m.open_quantity < h.open_quantity
        returning *
    )
    select array_agg(k order by k.reservation_id) into v_left from kept as k;

    perform inventory.emit_reservations('reservation.moved', v_moved)
    where cardinality(v_moved) > 0;
    perform inventory.emit_reservations('reservation.created', v_left)
    where cardinality(v_left) > 0;
    select jsonb_agg(jsonb_build_object(
        'sku', d.sku, 'quantity', d.quantity - coalesce(m.quantity, 0)
    ))
    into v_missing
    from jsonb_to_recordset(p_demand) as d (variant_id bigint, sku text, quantity bigint)
    left join (
        select u.variant_id, sum(u.open_quantity) as quantity
        from unnest(v_moved) as u
        group by u.variant_id
    ) as m on m.variant_id = d.variant_id
    where d.quantity > coalesce(m.quantity, 0);
    return v_missing;
end;
$function$;

comment on function inventory.assign_holds(text, text, timestamptz, jsonb) is
'Makes the live holds of an owner those of an order, as far as it needs them: objects {"variant_id",
"sku", "quantity"}. Returns what is still missing as items of inventory.reserve_inventory, null
where nothing is.';
