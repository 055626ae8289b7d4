-- The one place that says what clients see as available: buckets, and holds that are overdue but
-- not yet swept. What is reserved follows from the balance of the row
-- (ops.invariant_stock_balance), so that a variant with thousands of holds costs no more than one
-- without.
create or replace view inventory.stock_levels with (security_barrier = true) as
select
    i.variant_id,
    v.sku,
    i.location_id,
    l.code as location,
    l.rank as location_rank,
    i.on_hand as current_stock,
    i.on_hand - i.damaged - b.available - o.overdue as reserved_quantity,
    case when l.is_active then b.available + o.overdue else 0 end as available_stock,
    i.damaged as damaged_quantity,
    i.min_stock_level,
    i.max_on_hand,
    l.is_active and b.available + o.overdue > 0 as is_in_stock,
    case when l.is_active then b.available + o.overdue else 0 end <= i.min_stock_level
        as is_low_stock,
    i.bucket_count,
    i.version,
    i.last_updated_by,
    i.updated_at,
    i.overstock_level,
    i.is_overstocked,
    i.counted_at
from inventory.inventory as i
inner join product.variants as v on v.variant_id = i.variant_id
inner join inventory.locations as l on l.location_id = i.location_id
cross join lateral (
    select coalesce(sum(s.available), 0)::bigint as available
    from inventory.stock_buckets as s
    where s.variant_id = i.variant_id and s.location_id = i.location_id
) as b
cross join lateral (
    select coalesce(sum(r.open_quantity), 0)::bigint as overdue
    from inventory.inventory_reservations as r
    where r.variant_id = i.variant_id and r.location_id = i.location_id
    and r.status = 'active' and r.expires_at <= pg_catalog.statement_timestamp()
) as o;

comment on view inventory.stock_levels is
'Stock per variant and location: what is there, what is promised, what can still be promised
(nothing from a location that is not active). Holds past their expiry count as available. Replica:
yes.';
grant select on inventory.stock_levels to inventory_service;
