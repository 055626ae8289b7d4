-- A category's path is that of the category above and its own key, so the tree has no cycle.
select
    c.slug as object,
    jsonb_build_object('path', c.path, 'parent_id', c.parent_id, 'parent', p.path) as detail
from product.categories as c
left join product.categories as p on p.category_id = c.parent_id
where c.path <> coalesce(p.path, '{}') || c.category_id
or (c.parent_id is not null and p.category_id is null)
or cardinality(c.path) <> (select count(distinct k.key) from unnest(c.path) as k (key))
