create or replace view product.variant_list with (security_barrier = true) as
select
    v.variant_id,
    v.sku,
    v.name,
    p.product_id,
    p.public_id as product_public_id,
    p.code as product_code,
    p.name as product_name,
    p.description,
    c.slug as category_slug,
    r.currency,
    r.amount as price,
    greatest(v.updated_at, p.updated_at, r.updated_at) as updated_at
from product.variants as v
inner join product.products as p on p.product_id = v.product_id
left join product.categories as c on c.category_id = p.category_id
left join product.prices as r on r.variant_id = v.variant_id
where v.is_active and p.status = 'active';

comment on view product.variant_list is
'What is for sale: a row a variant and currency that it has a price in. Replica: yes.';
grant select on product.variant_list to product_service;
