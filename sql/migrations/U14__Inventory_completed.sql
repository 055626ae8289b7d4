set local role shop_owner;

delete from core.business_rules as r
where r.name in (
    'overstock_level', 'supplier_rating_days', 'reorder_demand_days', 'reorder_cover_days',
    'abc_a_percent', 'abc_b_percent'
);
drop table inventory.stock_jobs;
drop table inventory.analytics_progress;
drop table inventory.inventory_analytics;
drop table inventory.stock_count_lines;
drop table inventory.stock_counts;
drop table inventory.supplier_receipts;
drop table inventory.supplier_items;
drop table inventory.inventory_suppliers;
drop table inventory.inventory_alerts;
drop table inventory.stock_transfers;
alter table inventory.inventory_movements
drop constraint inventory_movements_kind_check,
drop constraint inventory_movements_sign_check,
add constraint inventory_movements_kind_check check (
    kind in (
        'opening', 'receipt', 'shipment', 'return', 'adjustment', 'damage', 'transfer', 'count'
    )
),
add constraint inventory_movements_sign_check check (
    case kind
        when 'opening' then on_hand_delta >= 0
        when 'receipt' then on_hand_delta > 0
        when 'return' then on_hand_delta > 0
        when 'shipment' then on_hand_delta < 0
        when 'count' then true
        else on_hand_delta <> 0 or damaged_delta <> 0
    end
);
comment on column inventory.inventory_movements.kind is
'opening, receipt, shipment, return, adjustment, damage, transfer or count.';
alter table inventory.stock_buckets drop column is_low, drop column low_mark;
alter table inventory.inventory
drop column is_overstocked,
drop column overstock_level,
drop column category_id,
drop column counted_at;
drop table inventory.inventory_categories;
