-- What customers may not see, each thing with words and figures of its own, which begin with qz: a
-- draft, an archived product, a variant off sale, what is prepared, opinions that are not shown,
-- costs, suppliers, a category that is hidden. All of it has prices, stock and pictures.
select product.create_category('qz-attic', 'Qz-attic-name');
select product.create_product(c.prefix, jsonb_build_object(
    'name', c.prefix || '-name', 'slug', lower(c.prefix) || '-slug',
    'description', c.prefix || '-description', 'brand', c.prefix || '-brand',
    'category', c.category, 'tags', jsonb_build_array(lower(c.prefix) || '-tag'),
    'metadata', jsonb_build_object('note', c.prefix || '-metadata'),
    'options', jsonb_build_array(
        jsonb_build_object(
            'name', c.prefix || '-option', 'values', jsonb_build_array(c.prefix || '-value')
        )
    ),
    'specifications', jsonb_build_array(
        jsonb_build_object('name', c.prefix || '-fact', 'value', c.prefix || '-size')
    ),
    'images', jsonb_build_array(jsonb_build_object('url', '/' || c.prefix || '-image.jpg')),
    'suppliers', jsonb_build_array(
        jsonb_build_object('supplier', 'QZ-SUPPLIER', 'reference', c.prefix || '-reference')
    )
))
from (values ('QZ-DRAFT', 'kitchen'), ('QZ-OLD', 'kitchen')) as c (prefix, category);
select product.create_variant(
    c.prefix, jsonb_build_object(
        'sku', c.prefix || '-SKU', 'name', c.prefix || '-variant',
        'options', jsonb_build_object(c.prefix || '-option', c.prefix || '-value')
    ), 1
)
from (values ('QZ-DRAFT'), ('QZ-OLD')) as c (prefix);
select product.set_price('QZ-DRAFT-SKU', 'EUR', 4321.01, 0);
select product.set_price('QZ-OLD-SKU', 'EUR', 4321.02, 0);
select product.set_product_status('QZ-OLD', 'active', 2);
select product.moderate_review(r.review, 'approved', 1)
from account.register_user('one@example.com', 'Ann One') as u
cross join lateral product.submit_review(u.user_id, 'QZ-OLD', 5, 'Qz-old-review') as r;

-- An active one: what is sold of it may be seen, the rest not.
select product.create_product('SHOWN', '{
    "name": "Shown", "category": "qz-attic", "metadata": {"note": "Qz-shown-metadata"},
    "suppliers": [{"supplier": "QZ-SUPPLIER", "reference": "Qz-shown-reference"}],
    "images": [{"url": "/shown.jpg"}],
    "options": [{"name": "Size", "values": ["S", "L"]}]
}');
select product.create_variant(
    'SHOWN', '{"sku": "SHOWN-S", "name": "Small", "options": {"Size": "S"}}', 1
);
select product.create_variant(
    'SHOWN', '{"sku": "QZ-OFF-SKU", "name": "Qz-off-variant", "options": {"Size": "L"}}', 2
);
select product.add_image('SHOWN', '/qz-off-image.jpg', 3, 'Qz-off-alt', 'QZ-OFF-SKU');
select product.set_price('SHOWN-S', 'EUR', 5, 0);
select product.set_price('QZ-OFF-SKU', 'EUR', 4321.03, 0);
select product.set_product_status('SHOWN', 'active', 4);
select product.save_draft('SHOWN', '{"name": "Qz-prepared-name"}', 5, 0, 'Qz-prepared-summary');
select product.submit_review(
    u.user_id, 'SHOWN', 1, 'Qz-' || s.status || '-title', 'Qz-' || s.status || '-body',
    'Qz-' || s.status || '-name'
)
from unnest(array['hidden', 'rejected', 'pending']) as s (status)
cross join lateral account.register_user(s.status || '@example.com', 'Ann') as u;
select product.moderate_review(r.public_id, 'rejected', 1, 'Qz-rejected-reason')
from product.product_reviews as r
where r.title = 'Qz-rejected-title';
select product.moderate_review(r.public_id, 'approved', 1)
from product.product_reviews as r
where r.title = 'Qz-hidden-title';
select product.moderate_review(r.public_id, 'hidden', 2, 'Qz-hidden-reason')
from product.product_reviews as r
where r.title = 'Qz-hidden-title';

select inventory.receive_stock('[
    {"sku": "QZ-DRAFT-SKU", "quantity": 10}, {"sku": "QZ-OLD-SKU", "quantity": 10},
    {"sku": "QZ-OFF-SKU", "quantity": 10}, {"sku": "SHOWN-S", "quantity": 10}
]');
select inventory.set_supplier(
    'QZ-SUPPLIER', 'Qz-supplier-name', 3, 0, '{"email": "qz-supplier@example.com"}'
);
select inventory.set_supplier_item('QZ-SUPPLIER', 'SHOWN-S', 4321.04, 'EUR', 0, 'Qz-supplier-code');
select inventory.set_supplier_item('QZ-SUPPLIER', 'MUG', 4321.05, 'EUR', 0);
select inventory.receive_from_supplier(
    'QZ-SUPPLIER', '[{"sku": "SHOWN-S", "quantity": 1}]', '2026-01-05', 'MAIN', 'DN-1'
);

-- Last of all, so that everything above could still be done.
select product.update_variant('QZ-OFF-SKU', '{"is_active": false}', v.version)
from product.variants as v
where v.sku = 'QZ-OFF-SKU';
select product.set_category_status('qz-attic', 'archived', 1);
select product.set_product_status('QZ-OLD', 'archived', 3);
