-- What would be worth an alert at a variant's location, kind by kind. Overdue holds count as
-- available, as everywhere; the time is an argument because a volatile function is never the
-- condition of an index scan. A standard body, so that the planner can inline it.
create or replace function inventory.watch_stock(
    p_variant_id bigint, p_location_id bigint, p_now timestamptz
)
returns table (kind text, threshold integer, units bigint, is_alarming boolean)
language sql
stable
security invoker
begin atomic
    select
        k.kind,
        k.threshold,
        k.units,
        k.units <= k.threshold and k.kind <> 'overstock' and v.is_active and p.status = 'active'
        and l.is_active or k.kind = 'overstock' and i.is_overstocked
    from (
        select
            p_variant_id as variant_id,
            p_location_id as location_id,
            p_now as happens_at
    ) as q
    inner join inventory.inventory as i
        on i.variant_id = q.variant_id and i.location_id = q.location_id
    inner join inventory.locations as l on l.location_id = i.location_id
    inner join product.variants as v on v.variant_id = i.variant_id
    inner join product.products as p on p.product_id = v.product_id
    cross join lateral (
        select coalesce(sum(b.available), 0) + coalesce((
            select sum(r.open_quantity)
            from inventory.inventory_reservations as r
            where r.variant_id = i.variant_id and r.location_id = i.location_id
            and r.status = 'active' and r.expires_at <= q.happens_at
        ), 0) as available
        from inventory.stock_buckets as b
        where b.variant_id = i.variant_id and b.location_id = i.location_id
    ) as a
    cross join lateral (
        values
        ('low_stock', i.min_stock_level, a.available::bigint),
        ('out_of_stock', 0, a.available::bigint),
        ('overstock', i.overstock_level, (i.on_hand - i.damaged)::bigint)
    ) as k (kind, threshold, units);
end;

comment on function inventory.watch_stock(bigint, bigint, timestamptz) is
'Units against the low-stock level, zero and the overstock level, and whether that is alarming.';
