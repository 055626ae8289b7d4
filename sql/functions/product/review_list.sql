create or replace view product.review_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    p.public_id as product_public_id,
    r.review_id,
    r.public_id as review,
    r.rating,
    r.title,
    r.body,
    r.author_name,
    r.is_verified,
    r.created_at,
    r.updated_at
from product.product_reviews as r
inner join product.products as p on p.product_id = r.product_id
where r.status = 'approved' and p.status = 'active';

comment on view product.review_list is
'Approved reviews of active products; by product_id and descending review_id the newest come first.
Replica: yes.';
grant select on product.review_list to product_service;
