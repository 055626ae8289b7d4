create or replace view product.content_version_list with (security_barrier = true) as
select
    p.code,
    v.version,
    v.version = p.version as is_current,
    v.fields,
    v.summary,
    v.author,
    v.published_at
from product.content_versions as v
inner join product.products as p on p.product_id = v.product_id;

comment on view product.content_version_list is
'The versions of products'' content: what each changed, when, and who did. For editors.
Replica: yes.';
grant select on product.content_version_list to product_editor;
