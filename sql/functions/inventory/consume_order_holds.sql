-- Make the holds of an order a sale, and reserve again what it has lost of them meanwhile.
--
-- Holds past their expiry count as long as nobody has taken them: the units are still kept back,
-- and the customer has paid. Before anything is reserved they are kept from being overdue, or the
-- order would take its own units for those that it lacks. Nothing is consumed where something is
-- short.
--
-- What is missing may be in overdue holds of other orders that lack what this one holds. So where
-- something is, those are locked together with the order's own, in ascending order.
create or replace function inventory.consume_order_holds(
    p_order_id bigint, p_variant_ids bigint[], p_quantities integer[], p_may_reserve boolean
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_owner constant text := 'order:' || p_order_id;
    v_now constant timestamptz := clock_timestamp();
    v_holds inventory.inventory_reservations[];
    v_missing jsonb;
begin
    perform
    from inventory.inventory_reservations as r
    where r.variant_id = any (p_variant_ids)
    and (r.owner = v_owner and r.open_quantity > 0 or r.status = 'active' and r.expires_at <= v_now)
    and p_may_reserve and exists (
        select
        from unnest(p_variant_ids, p_quantities) as n (variant_id, quantity)
        group by n.variant_id
        having sum(n.quantity) > (
            select coalesce(sum(h.open_quantity), 0)
            from inventory.inventory_reservations as h
            where h.variant_id = n.variant_id and h.owner = v_owner and h.open_quantity > 0
        )
    )
    order by r.reservation_id
    for no key update of r;
    v_holds := inventory.lock_order_holds(p_order_id, p_variant_ids);
    select jsonb_agg(
        jsonb_build_object('sku', v.sku, 'quantity', n.quantity - coalesce(h.quantity, 0))
        order by n.variant_id
    )
    into v_missing
    from (
        select u.variant_id, sum(u.quantity) as quantity
        from unnest(p_variant_ids, p_quantities) as u (variant_id, quantity)
        group by u.variant_id
    ) as n
    inner join product.variants as v on v.variant_id = n.variant_id
    left join (
        select u.variant_id, sum(u.open_quantity) as quantity
        from unnest(v_holds) as u
        group by u.variant_id
    ) as h on h.variant_id = n.variant_id
    where n.quantity > coalesce(h.quantity, 0);

    if v_missing is not null then
        if not p_may_reserve then
            return false;
        end if;
        begin
            perform inventory.extend_order_holds(
                p_order_id, p_variant_ids, clock_timestamp() + interval '1 hour'
            );
            perform inventory.reserve_carefully(
                v_missing, v_owner, null, null, null, null
            );
        exception
            -- Sold out, or not for sale any more.
            when sqlstate 'SHI01' or sqlstate 'SHP01' or sqlstate 'SHP02' then
                return false;
        end;
        v_holds := inventory.lock_order_holds(p_order_id, p_variant_ids);
    end if;
    v_holds := array(select h from unnest(v_holds) as h where h.status = 'active');
    perform inventory.close_reservations(v_holds, 'consumed')
    where cardinality(v_holds) > 0;
    return true;
end;
$function$;

comment on function inventory.consume_order_holds(bigint, bigint[], integer[], boolean) is
'Consumes the holds of an order, once it has holds for so many units of each variant; what is
missing is reserved, if that is allowed. False where it cannot be had, and then nothing has
changed.';
