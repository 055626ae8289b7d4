create or replace view cart.variant_limit_list with (security_barrier = true) as
select
    l.variant_id,
    v.sku,
    l.max_units,
    l.version,
    l.updated_at,
    l.updated_by
from cart.variant_limits as l
inner join product.variants as v on v.variant_id = l.variant_id;

comment on view cart.variant_limit_list is
'Variants with their own number of units that one user may have; null is no limit. Replica: yes.';
grant select on cart.variant_limit_list to cart_service;
