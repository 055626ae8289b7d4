create or replace view product.content_draft_list with (security_barrier = true) as
select
    p.code,
    d.version as draft_version,
    d.base_version,
    d.base_version <> p.version as is_outdated,
    d.content,
    d.summary,
    d.created_at,
    d.updated_at,
    d.updated_by
from product.content_drafts as d
inner join product.products as p on p.product_id = d.product_id;

comment on view product.content_draft_list is
'The drafts of products'' content; an outdated one was written against an older version of its
product. For editors. Replica: yes.';
grant select on product.content_draft_list to product_editor;
