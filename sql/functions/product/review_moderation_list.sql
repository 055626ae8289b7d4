create or replace view product.review_moderation_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    r.review_id,
    r.public_id as review,
    r.user_id,
    r.rating,
    r.title,
    r.body,
    r.author_name,
    r.is_verified,
    r.order_id,
    r.line_no,
    r.status,
    r.moderation_reason,
    r.moderated_at,
    r.moderated_by,
    r.version,
    r.created_at,
    r.updated_at
from product.product_reviews as r
inner join product.products as p on p.product_id = r.product_id;

comment on view product.review_moderation_list is
'Every review with its state, pending ones by created_at first come first served. For editors.
Replica: yes.';
grant select on product.review_moderation_list to product_editor;
