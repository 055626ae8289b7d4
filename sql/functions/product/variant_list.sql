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
    r.price,
    greatest(v.updated_at, p.updated_at, r.updated_at) as updated_at,
    r.price_list,
    r.base_price
from product.variants as v
inner join product.products as p on p.product_id = v.product_id
left join product.categories as c
    on c.category_id = p.category_id
    and not exists (
        select
        from product.categories as a
        where a.category_id = any(c.path) and a.status <> 'active'
    )
-- The rules of product.prices_in_force, for one unit and everybody, in whatever currency there is.
left join lateral (
    select
        x.currency,
        (array_agg(x.amount order by l.priority desc, l.price_list_id desc))[1] as price,
        (array_agg(l.code order by l.priority desc, l.price_list_id desc))[1] as price_list,
        max(x.amount) filter (where l.kind = 'base') as base_price,
        max(x.updated_at) as updated_at
    from product.prices as x
    inner join product.price_lists as l on l.price_list_id = x.price_list_id
    where x.variant_id = v.variant_id
    and x.min_quantity = 1
    and x.validity @> statement_timestamp()
    and l.validity @> statement_timestamp()
    and l.is_active
    and l.customer_group is null
    group by x.currency
) as r on true
where v.is_active and p.status = 'active';

comment on view product.variant_list is
'What is for sale: a row a variant and currency that one unit has a price in, with the price in
force for everybody, the list that it stands in and the base price. Replica: yes.';
grant select on product.variant_list to product_service;
