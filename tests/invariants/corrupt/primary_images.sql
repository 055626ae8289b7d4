-- case: no image is the primary one
update product.product_images set is_primary = false;
update product.content_versions as v
set snapshot = product.snapshot(p.product_id)
from product.products as p
where p.product_id = v.product_id and p.version = v.version and p.code = 'TRAY';
