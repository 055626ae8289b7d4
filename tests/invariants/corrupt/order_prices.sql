-- case: a line was sold at a price that never was
delete from product.price_history as h
using product.variants as v
where v.variant_id = h.variant_id and v.sku = 'MUG';
delete from product.prices as x
using product.variants as v
where v.variant_id = x.variant_id and v.sku = 'MUG';
