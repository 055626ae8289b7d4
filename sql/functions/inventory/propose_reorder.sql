-- What to order from a supplier now.
--
-- A SKU is due when what is available would not last the supplier's lead time above the low-stock
-- level, at the pace of the last days (the rule reorder_demand_days). Then enough is proposed to
-- last reorder_cover_days more, in the supplier's minimum and packs, within the ceilings. A SKU is
-- proposed to one supplier: the preferred one, else the one that delivers soonest.
create or replace function inventory.propose_reorder(p_supplier text)
returns table (
    sku text, supplier_sku text, available bigint, min_stock_level bigint, daily_demand numeric,
    lead_time_days integer, reorder_point bigint, quantity bigint, cost numeric, currency text,
    total numeric
)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_supplier inventory.inventory_suppliers;
    v_days constant integer := greatest(1, coalesce(core.rule('reorder_demand_days'), 90));
    v_cover constant integer := coalesce(core.rule('reorder_cover_days'), 0);
    v_min constant integer := coalesce(core.rule('min_stock_level'), 0);
    v_max constant integer := coalesce(core.rule('on_hand_max'), 999999999);
    v_today constant date := (statement_timestamp() at time zone 'UTC')::date;
begin
    v_supplier := inventory.find_supplier(p_supplier);
    return query
    select
        n.sku, n.supplier_sku, n.available, n.min_stock_level, round(n.daily_demand, 4),
        n.lead_time_days, n.reorder_point, q.quantity, n.cost, n.currency,
        q.quantity * n.cost
    from (
        select
            v.sku, o.supplier_sku, s.available, s.min_stock_level, s.room, d.daily_demand,
            o.lead_time_days, o.min_quantity, o.pack_size, o.cost, o.currency,
            s.min_stock_level + ceil(d.daily_demand * o.lead_time_days)::bigint as reorder_point
        from (
            select
                i.variant_id, i.supplier_id, i.supplier_sku, i.cost, i.currency, i.min_quantity,
                i.pack_size, i.is_preferred,
                coalesce(i.lead_time_days, v_supplier.lead_time_days) as lead_time_days
            from inventory.supplier_items as i
            where i.supplier_id = v_supplier.supplier_id and i.is_active
            and v_supplier.is_active
        ) as o
        inner join product.variants as v on v.variant_id = o.variant_id and v.is_active
        inner join product.products as p
            on p.product_id = v.product_id and p.status = 'active'
        cross join lateral (
            select
                coalesce(sum(k.available_stock), 0)::bigint as available,
                coalesce(sum(k.min_stock_level), v_min)::bigint as min_stock_level,
                coalesce(sum(k.max_on_hand - k.current_stock), v_max)::bigint as room
            from inventory.stock_levels as k
            inner join inventory.locations as l
                on l.location_id = k.location_id and l.is_active
            where k.variant_id = o.variant_id
        ) as s
        cross join lateral (
            select coalesce(sum(a.sold), 0)::numeric / v_days as daily_demand
            from inventory.inventory_analytics as a
            where a.variant_id = o.variant_id and a.day > v_today - v_days
        ) as d
        where not exists (
            select
            from inventory.supplier_items as b
            inner join inventory.inventory_suppliers as u on u.supplier_id = b.supplier_id
            where b.variant_id = o.variant_id and b.is_active and u.is_active
            and (
                not b.is_preferred, coalesce(b.lead_time_days, u.lead_time_days), b.supplier_id
            ) < (not o.is_preferred, o.lead_time_days, o.supplier_id)
        )
    ) as n
    cross join lateral (
        select least(
            ceil(greatest(
                n.reorder_point + ceil(n.daily_demand * v_cover) - n.available, n.min_quantity
            ) / n.pack_size),
            trunc(n.room::numeric / n.pack_size)
        )::bigint * n.pack_size as quantity
    ) as q
    where n.available <= n.reorder_point and q.quantity >= n.min_quantity
    order by n.sku;
end;
$function$;

comment on function inventory.propose_reorder(text) is
'What to order from a supplier now: each SKU for sale of which no more is available than its
reorder point (the low-stock level, and what is sold during the lead time at the pace of the last
90 days), with a quantity that lasts 30 days more (the rules reorder_demand_days and
reorder_cover_days), in the supplier''s minimum and packs, as far as ceilings leave room. A SKU is
proposed to the preferred supplier, else to the one that delivers soonest. Sales are those that
inventory.rebuild_analytics found; what is on its way is not known here. Errors:
SUPPLIER_NOT_FOUND. Replica: yes.';
grant execute on function inventory.propose_reorder(text) to inventory_editor;
