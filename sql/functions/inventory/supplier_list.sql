create or replace view inventory.supplier_list with (security_barrier = true) as
select
    s.supplier_id,
    s.code,
    s.name,
    s.contact,
    s.lead_time_days,
    s.is_active,
    r.receipts,
    r.on_time_rate,
    r.defect_rate,
    s.version,
    s.updated_at,
    s.updated_by
from inventory.inventory_suppliers as s
left join core.business_rules as d
    on d.name = 'supplier_rating_days' and d.currency is null and d.is_enabled
cross join lateral (
    select
        count(*) as receipts,
        round(avg(case when c.is_on_time then 1 else 0 end), 4) as on_time_rate,
        round(sum(c.defective)::numeric / sum(c.quantity), 4) as defect_rate
    from inventory.supplier_receipts as c
    where c.supplier_id = s.supplier_id
    and c.received_on >= case when d.value is null then '-infinity'
        else (statement_timestamp() at time zone 'UTC')::date - d.value::integer
    end
) as r;

comment on view inventory.supplier_list is
'Suppliers, and how they did in the last days that the rule supplier_rating_days says: lines
delivered, the share of them that came on time, and the share of the units that was defective (null
where nothing came). Replica: yes.';
grant select on inventory.supplier_list to inventory_editor;
