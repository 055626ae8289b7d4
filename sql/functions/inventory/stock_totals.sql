create or replace view inventory.stock_totals with (security_barrier = true) as
select
    s.variant_id,
    s.sku,
    sum(s.current_stock)::bigint as current_stock,
    sum(s.reserved_quantity)::bigint as reserved_quantity,
    sum(s.available_stock)::bigint as available_stock,
    sum(s.damaged_quantity)::bigint as damaged_quantity,
    sum(s.min_stock_level)::bigint as min_stock_level,
    sum(s.available_stock) > 0 as is_in_stock,
    sum(s.available_stock) <= sum(s.min_stock_level) as is_low_stock,
    max(s.version) as version,
    (array_agg(s.last_updated_by order by s.updated_at desc, s.location_id))[1] as last_updated_by,
    max(s.updated_at) as updated_at
from inventory.stock_levels as s
group by s.variant_id, s.sku;

comment on view inventory.stock_totals is
'Stock per variant over all locations; the version is the highest of its rows. Replica: yes.';
grant select on inventory.stock_totals to inventory_service;
