-- The history of a price is unbroken, and its newest line is the price as it is.
select
    'variant ' || x.variant_id || ' price ' || x.price_id as object,
    jsonb_build_object(
        'version', x.version, 'amount', x.amount, 'lines', h.lines, 'first', h.first_version,
        'last', h.last_version, 'last_amount', n.amount
    ) as detail
from product.prices as x
left join (
    select
        l.variant_id,
        l.price_id,
        count(*) as lines,
        min(l.version) as first_version,
        max(l.version) as last_version
    from product.price_history as l
    group by l.variant_id, l.price_id
) as h on h.variant_id = x.variant_id and h.price_id = x.price_id
left join product.price_history as n
    on n.variant_id = x.variant_id and n.price_id = x.price_id and n.version = x.version
where n.version is null
or h.last_version <> x.version
or h.lines <> h.last_version - h.first_version + 1
or (n.amount, n.validity) is distinct from (x.amount, x.validity)
