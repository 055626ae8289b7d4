create or replace view product.price_change_list with (security_barrier = true) as
select
    h.variant_id,
    v.sku,
    h.price_id,
    h.version,
    l.code as price_list,
    x.currency,
    x.min_quantity,
    h.amount as price,
    o.amount as price_before,
    lower(h.validity) as valid_from,
    upper(h.validity) as valid_until,
    h.changed_at,
    h.changed_by
from product.price_history as h
inner join product.prices as x on x.variant_id = h.variant_id and x.price_id = h.price_id
inner join product.variants as v on v.variant_id = h.variant_id
inner join product.price_lists as l on l.price_list_id = x.price_list_id
left join product.price_history as o
    on o.variant_id = h.variant_id and o.price_id = h.price_id and o.version = h.version - 1;

comment on view product.price_change_list is
'The history of prices: a row a change, with the price after and before it (null for a first one)
and the time for which it was set. For editors. Replica: yes.';
grant select on product.price_change_list to product_editor;
