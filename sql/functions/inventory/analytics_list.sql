create or replace view inventory.analytics_list with (security_barrier = true) as
select
    a.variant_id,
    v.sku,
    a.day,
    a.opening,
    a.received,
    a.sold,
    a.returned,
    a.adjusted,
    a.transferred,
    a.closing,
    a.stockout_minutes,
    a.turnover,
    a.rebuilt_at
from inventory.inventory_analytics as a
inner join product.variants as v on v.variant_id = a.variant_id;

comment on view inventory.analytics_list is
'What came, went and was there per day (in UTC) and SKU: days on which something moved, the last one
as if nothing moved after. inventory.get_inventory_analytics has the other days, too. Replica:
yes.';
grant select on inventory.analytics_list to inventory_editor;
