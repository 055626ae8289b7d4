-- A product with images has exactly one primary image.
select
    p.code as object,
    jsonb_build_object(
        'images', count(*), 'primary', count(*) filter (where i.is_primary)
    ) as detail
from product.product_images as i
inner join product.products as p on p.product_id = i.product_id
group by p.code
having count(*) filter (where i.is_primary) <> 1
