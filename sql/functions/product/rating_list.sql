create or replace view product.rating_list with (security_barrier = true) as
select
    p.product_id,
    p.code as product_code,
    p.public_id as product_public_id,
    round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2) as rating,
    p.rating_sum,
    p.rating_count
from product.products as p
where p.status = 'active';

comment on view product.rating_list is
'How active products are rated: the mean of their approved reviews (null where there is none), its
sum and count. Replica: yes.';
grant select on product.rating_list to product_service;
