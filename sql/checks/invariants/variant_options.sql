-- The option values of a variant are ones that its product offers.
select
    v.sku as object,
    jsonb_build_object('options', v.options) as detail
from product.variants as v
where v.options <> '{}' and not product.options_fit(v.product_id, v.options)
