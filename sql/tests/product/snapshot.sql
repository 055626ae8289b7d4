-- case: a product has all of its content in its snapshot, without what nobody said
select product.create_category('kitchen', 'Kitchen');
select product.create_product('MUG', '{
    "name": "Mug", "category": "kitchen", "options": [{"name": "Size", "values": ["S", "L"]}],
    "specifications": [{"name": "Height", "value": "9"}], "images": [{"url": "/a.jpg"}]
}');
select product.create_variant('MUG', '{"sku": "M-2", "name": "2", "position": 2}', 1);
select product.create_variant('MUG', '{"sku": "M-1", "name": "1", "position": 1}', 2);
select is(product.snapshot(p.product_id), '{
    "code": "MUG", "name": "Mug", "slug": null, "tags": [], "brand": null, "status": "draft",
    "category": "kitchen", "language": "en", "metadata": {}, "suppliers": [], "description": "",
    "options": [{"name": "Size", "values": ["S", "L"]}],
    "specifications": [{"name": "Height", "value": "9"}],
    "images": [{"url": "/a.jpg", "is_primary": true}],
    "variants": [
        {"sku": "M-1", "name": "1", "is_active": true, "options": {}, "barcode": null,
        "weight_grams": null, "position": 1},
        {"sku": "M-2", "name": "2", "is_active": true, "options": {}, "barcode": null,
        "weight_grams": null, "position": 2}
    ]
}'::jsonb)
from product.products as p;

-- case: what a snapshot says can be said to an edit again
select product.create_product('MUG', '{
    "name": "Mug", "options": [{"name": "Size", "values": []}], "brand": "Brown",
    "specifications": [{"name": "Height", "value": "9"}], "images": [{"url": "/a.jpg"}],
    "suppliers": [{"supplier": "ACME", "reference": "7"}], "tags": ["tea"]
}');
select is_empty(
    format(
        'select * from product.content_problems(%L)',
        product.snapshot(p.product_id) - 'code' - 'status' - 'variants'
    )
)
from product.products as p;

-- case: an unknown product has none
select is(product.snapshot(0), null);
