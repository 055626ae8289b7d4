-- case: a version is missing
delete from product.content_versions as v
using product.products as p
where p.product_id = v.product_id and p.code = 'TRAY' and v.version = 2;

-- case: the newest version is not that of the product
update product.products set version = version + 1 where code = 'POT';
