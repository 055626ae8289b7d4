-- case: a variant has a value that its product does not offer
delete from product.option_values where value = 'S';
update product.content_versions as v
set snapshot = product.snapshot(p.product_id)
from product.products as p
where p.product_id = v.product_id and p.version = v.version and p.code = 'TRAY';
