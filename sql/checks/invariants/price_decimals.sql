-- A price has no more decimals than its currency.
select
    'variant ' || x.variant_id || ' price ' || x.price_id as object,
    jsonb_build_object('amount', x.amount, 'currency', x.currency) as detail
from product.prices as x
inner join core.currencies as c on c.code = x.currency
where x.amount <> round(x.amount, c.exponent)
