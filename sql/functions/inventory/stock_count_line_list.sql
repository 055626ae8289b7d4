create or replace view inventory.stock_count_line_list with (security_barrier = true) as
select
    n.count_id,
    n.variant_id,
    v.sku,
    l.code as location,
    n.status,
    n.expected,
    n.counted,
    n.difference,
    n.seq,
    n.counted_at,
    n.counted_by
from inventory.stock_count_lines as n
inner join product.variants as v on v.variant_id = n.variant_id
inner join inventory.locations as l on l.location_id = n.location_id;

comment on view inventory.stock_count_line_list is
'What was counted, what the books said then, and the movement by which the difference was posted.
Replica: yes.';
grant select on inventory.stock_count_line_list to inventory_editor;
