-- Choose the sales of an order that units are taken from, the oldest first, for
-- inventory.ship_holds and inventory.cancel_holds.
--
-- Units that lie in a packed parcel are left to it: they are to be sent from its place, whatever
-- else of the order is sent or cancelled first.
create or replace function inventory.draw_order_holds(
    p_order_id bigint,
    p_variant_ids bigint[],
    p_quantities integer[],
    p_location_id bigint,
    p_fulfillment_no integer default null
)
returns jsonb
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_holds constant inventory.inventory_reservations[] := inventory.lock_order_holds(
        p_order_id, p_variant_ids
    );
    v_items jsonb;
    v_shortages jsonb;
begin
    with needed as (
        select u.variant_id, sum(u.quantity)::integer as quantity
        from unnest(p_variant_ids, p_quantities) as u (variant_id, quantity)
        group by u.variant_id
    ),
    packed as (
        select i.variant_id, l.location_id, sum(p.quantity) as quantity
        from orders.order_fulfillment as f
        inner join inventory.locations as l on l.code = f.location
        inner join orders.fulfillment_items as p
            on p.order_id = f.order_id and p.fulfillment_no = f.fulfillment_no
        inner join orders.order_items as i on i.order_id = p.order_id and i.line_no = p.line_no
        where f.order_id = p_order_id and f.status in ('pending', 'packed')
        and f.fulfillment_no is distinct from p_fulfillment_no
        group by i.variant_id, l.location_id
    ),
    -- Parcels are packed from the oldest holds of their place.
    free as (
        select
            h.variant_id,
            h.location_id,
            h.reservation_id,
            greatest(least(
                h.open_quantity,
                sum(h.open_quantity) over (
                    partition by h.variant_id, h.location_id order by h.reservation_id
                ) - coalesce(p.quantity, 0)
            ), 0) as quantity
        from unnest(v_holds) as h
        left join packed as p
            on p.variant_id = h.variant_id and p.location_id = h.location_id
        where h.status = 'consumed'
    ),
    -- What the holds before this one leave to be taken is taken here, as far as it goes.
    parts as (
        select
            h.variant_id,
            h.reservation_id,
            least(
                h.quantity,
                n.quantity - sum(h.quantity) over (
                    partition by h.variant_id order by h.reservation_id
                ) + h.quantity
            ) as quantity
        from free as h
        inner join needed as n on n.variant_id = h.variant_id
        where h.location_id = coalesce(p_location_id, h.location_id)
    )
    select
        (
            select jsonb_agg(jsonb_build_object(
                'reservation', p.variant_id || '-' || p.reservation_id, 'quantity', p.quantity
            ) order by p.reservation_id)
            from parts as p
            where p.quantity > 0
        ),
        (
            select jsonb_agg(jsonb_build_object(
                'sku', v.sku, 'requested', n.quantity, 'available', t.quantity
            ) order by n.variant_id)
            from needed as n
            inner join product.variants as v on v.variant_id = n.variant_id
            cross join lateral (
                select coalesce(sum(p.quantity), 0) as quantity
                from parts as p
                where p.variant_id = n.variant_id and p.quantity > 0
            ) as t
            where t.quantity < n.quantity
        )
    into v_items, v_shortages;
    if v_shortages is not null then
        perform core.refuse('SHI01', jsonb_build_object(
            'location', (
                select l.code from inventory.locations as l where l.location_id = p_location_id
            ),
            'shortages', v_shortages
        ));
    end if;
    return v_items;
end;
$function$;

comment on function inventory.draw_order_holds(bigint, bigint[], integer[], bigint, integer) is
'The consumed holds of an order, locked, and how many units of each make up the quantities, at one
location or (null) anywhere, for a packed parcel or (null) without those that lie in one: an array
of {"reservation", "quantity"}. Errors: INSUFFICIENT_STOCK.';
