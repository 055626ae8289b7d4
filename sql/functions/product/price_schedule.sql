create or replace view product.price_schedule with (security_barrier = true) as
select
    x.variant_id,
    v.sku,
    x.price_id,
    l.code as price_list,
    x.currency,
    x.min_quantity,
    x.amount as price,
    lower(x.validity) as valid_from,
    upper(x.validity) as valid_until,
    case
        when isempty(x.validity) then 'withdrawn'
        when x.validity @> statement_timestamp() then 'in force'
        when lower(x.validity) > statement_timestamp() then 'scheduled'
        else 'over'
    end as status,
    x.version,
    x.created_at,
    x.updated_at,
    x.updated_by
from product.prices as x
inner join product.variants as v on v.variant_id = x.variant_id
inner join product.price_lists as l on l.price_list_id = x.price_list_id;

comment on view product.price_schedule is
'Every price of every variant: in force, scheduled, over, or withdrawn before it began. Whether its
list applies is not asked. For editors. Replica: yes.';
grant select on product.price_schedule to product_editor;
