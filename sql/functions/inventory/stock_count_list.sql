create or replace view inventory.stock_count_list with (security_barrier = true) as
select
    c.count_id,
    l.code as location,
    c.status,
    c.reference,
    n.lines,
    n.difference,
    c.version,
    c.created_at,
    c.created_by,
    c.closed_at,
    c.updated_by
from inventory.stock_counts as c
inner join inventory.locations as l on l.location_id = c.location_id
cross join lateral (
    select count(*) as lines, coalesce(sum(s.difference), 0) as difference
    from inventory.stock_count_lines as s
    where s.count_id = c.count_id
) as n;

comment on view inventory.stock_count_list is
'Stocktakes, with their lines and the units that they differ by in all. Replica: yes.';
grant select on inventory.stock_count_list to inventory_editor;
