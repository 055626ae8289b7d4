create or replace view inventory.inventory_category_list with (security_barrier = true) as
select
    c.category_id,
    c.code,
    c.name,
    c.abc_class,
    c.count_every_days,
    c.version,
    c.updated_at,
    c.updated_by
from inventory.inventory_categories as c;

comment on view inventory.inventory_category_list is
'How closely stock is watched, category by category. Replica: yes.';
grant select on inventory.inventory_category_list to inventory_editor;
