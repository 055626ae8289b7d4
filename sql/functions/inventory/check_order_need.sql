-- Of a variant, an order of this shop never holds more than its lines ask for, and nothing before
-- it is placed. Orders that are kept elsewhere hold what they like; their ids are those that this
-- shop does not give out: the first billion, and what it will not reach while a hold lives.
create or replace function inventory.check_order_need(
    p_owner text, p_variant_ids bigint[], p_quantities bigint[]
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_order_id constant bigint := split_part(p_owner, ':', 2)::bigint;
    v_order record;
    v_bad jsonb;
begin
    select o.order_id, o.order_number, o.status, o.xmin = pg_current_xact_id()::xid as is_new
    into v_order
    from orders.orders as o
    where o.order_id = v_order_id;
    if not found then
        if v_order_id > 1000000000 and v_order_id <= (
            select s.last_value + 1000000 from orders.orders_order_id_seq as s
        ) then
            perform core.refuse('SHI28', jsonb_build_object('order_id', v_order_id));
        end if;
        return;
    end if;
    -- One that this transaction places is nobody else's yet. For any other one, two calls, or a
    -- call and a payment, would find the same units missing: by an update that changes nothing,
    -- since at the stricter isolation levels a lock alone would hide what its last holder did.
    if not v_order.is_new then
        update orders.orders as o
        set version = o.version
        where o.order_id = v_order.order_id
        returning o.status into v_order.status;
    end if;
    select jsonb_agg(jsonb_build_object(
        'variant_id', u.variant_id, 'requested', u.quantity, 'missing', m.quantity
    ))
    into v_bad
    from unnest(p_variant_ids, p_quantities) as u (variant_id, quantity)
    cross join lateral (
        select coalesce((
            select sum(i.quantity - i.qty_cancelled)
            from orders.order_items as i
            where i.order_id = v_order.order_id and i.variant_id = u.variant_id
        ), 0) - coalesce((
            select sum(r.open_quantity)
            from inventory.inventory_reservations as r
            where r.variant_id = u.variant_id and r.owner = p_owner and r.open_quantity > 0
        ), 0) as quantity
    ) as m
    where v_order.status <> 'pending' or u.quantity > m.quantity;
    if v_bad is not null then
        perform core.refuse('SHI28', jsonb_build_object(
            'order_number', v_order.order_number, 'status', v_order.status, 'items', v_bad
        ));
    end if;
end;
$function$;

comment on function inventory.check_order_need(text, bigint[], bigint[]) is
'Refuses a reservation for order:<number> of more than a pending order of this shop still lacks, and
one for an order that is to be placed next. Errors: RESERVATION_OF_ORDER.';
