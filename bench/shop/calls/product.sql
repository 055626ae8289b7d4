-- flow: a customer looks around
select * from product.get_product_details(%(code)s, 'GBP');
select * from product.get_products(jsonb_build_array(
    jsonb_build_object('code', %(code)s::text), jsonb_build_object('code', %(code2)s::text)
), 'GBP');
select * from product.get_prices(%(five)s, 'GBP');
select * from product.get_category(%(category)s);
select * from product.list_breadcrumb(%(category)s);
select * from product.list_subtree(%(category)s, 1);
select * from product.get_user_reviews(%(user)s);

-- flow: a customer searches
select * from product.search_products(%(code)s, 'GBP');
select * from product.search_products(%(words)s, 'GBP');
select * from product.search_products(
    %(words)s, 'GBP', jsonb_build_object('category', %(category)s::text, 'price_to', 30), 'price'
);
select * from product.search_products(null, 'GBP', '{"in_stock": true}', 'popularity');
select * from product.search_products(null, 'GBP', '{}', 'newest');
select * from product.search_products(null, 'GBP', '{}', 'rating');
select * from product.search_products(null, 'GBP', '{}', 'name');
select * from product.search_products(null, 'GBP', '{}', 'price_desc');
select * from product.search_products('teapto', 'GBP');
select * from product.search_products('lannterrn', 'GBP');

-- flow: a customer has an opinion
select * from account.register_user('r' || %(key)s || '@example.com', 'Critic', null, %(key)s);
select * from product.submit_review(%(user_id)s, %(code)s, 4, 'Fine', 'It does.', 'Critic', %(key)s);
select * from product.edit_review(%(user_id)s, %(review)s, %(version)s, 5, 'Good', '', null, %(key)s);
select * from product.moderate_review(%(review)s, 'approved', %(version)s, null, %(key)s);
select * from product.delete_review(%(user_id)s, %(review)s, %(version)s, %(key)s);

-- flow: an editor makes a product, and takes it back
select * from product.create_product(%(key)s, '{
    "name": "New product", "brand": "New", "options": [{"name": "Size", "values": ["S", "L"]}],
    "images": [{"url": "/1.jpg"}]
}', %(key)s);
select * from product.create_variant(
    %(key)s,
    jsonb_build_object('sku', %(key)s::text, 'name', 'Small', 'options', '{"Size": "S"}'::jsonb),
    %(version)s, %(key)s
);
select * from product.set_price(%(sku)s, 'GBP', 12, 0, %(key)s);
select * from product.update_variant(%(sku)s, '{"name": "Smaller"}', 1, %(key)s);
select * from product.set_product_status(%(key)s, 'archived', %(product_version)s, null, %(key)s);
select * from product.delete_variant(%(key)s, 2, %(key)s);
select * from product.delete_product(%(key)s, %(product_version)s, %(key)s);

-- flow: an editor changes a page
select p.version from product.products as p where p.code = %(code)s;
select * from product.update_product(%(code)s, '{"brand": "Better"}', %(version)s, 'Edited', %(key)s);
select * from product.add_image(%(code)s, '/' || %(key)s, %(version)s, 'New', null, null, true, %(key)s);
select array_agg(i.url order by i.position desc) as urls, min(i.url) as url
from product.product_images as i
inner join product.products as p on p.product_id = i.product_id
where p.code = %(code)s;
select * from product.arrange_images(%(code)s, %(urls)s, %(version)s, %(key)s);
select * from product.set_primary_image(%(code)s, %(url)s, %(version)s, %(key)s);
select * from product.remove_image(%(code)s, '/' || %(key)s, %(version)s, %(key)s);
select * from product.rename_option(%(code)s, 'Size', %(key)s, %(version)s, null, %(key)s);
select * from product.rename_option(%(code)s, %(key)s, 'Size', %(version)s, null, 'b' || %(key)s);
select * from product.get_content_version(%(code)s, %(version)s);
select * from product.compare_content_versions(%(code)s, 1, %(version)s);
select * from product.restore_content_version(%(code)s, 1, %(version)s, null, null, %(key)s);

-- flow: an editor drafts a page
select p.version, coalesce(d.version, 0) as draft_version
from product.products as p
left join product.content_drafts as d on d.product_id = p.product_id
where p.code = %(code)s;
select * from product.save_draft(%(code)s, '{"tags": ["new"]}', %(version)s, %(draft_version)s, 'Draft', %(key)s);
select * from product.publish_draft(%(code)s, %(draft_version)s, %(key)s);
select * from product.save_draft(%(code)s, '{"tags": ["old"]}', %(version)s, 0, 'Draft', 'b' || %(key)s);
select * from product.discard_draft(%(code)s, %(draft_version)s, %(key)s);

-- flow: an editor lists products
select * from product.list_products_admin('GBP');
select * from product.list_products_admin('GBP', 'draft', p_cursor => 'code:P5');
select * from product.list_products_admin('GBP', null, %(category)s, 'updated_at');
select * from product.list_products_admin('GBP', 'active', null, 'updated_at');

-- flow: prices change
select * from product.schedule_price(
    %(sku)s, 'GBP', 4, '2041-01-01', '2041-02-01', 'sale', 1, false, %(key)s
);
select * from product.update_price(
    %(sku)s, %(price_id)s, %(version)s, 3, '2041-01-02', '2041-02-01', %(key)s
);
select * from product.end_price(%(sku)s, %(price_id)s, %(version)s, %(key)s);
select p.version
from product.prices as p
inner join product.variants as v on v.variant_id = p.variant_id
where v.sku = %(sku)s and p.price_list_id = 1 and p.currency = 'GBP' and p.min_quantity = 1
order by upper(p.validity) desc nulls first limit 1;
select * from product.set_price(%(sku)s, 'GBP', 7.99, %(version)s, %(key)s);
select * from product.bulk_update_prices(
    jsonb_build_array(jsonb_build_object('sku', %(sku2)s::text, 'currency', 'GBP', 'price', 8.99)),
    'base', %(key)s
);
select * from product.bulk_set_popularity(
    jsonb_build_array(jsonb_build_object('product', %(code)s::text, 'popularity', 77)), %(key)s
);
select * from product.import_products(jsonb_build_array(jsonb_build_object(
    'sku', %(key)s::text, 'name', 'Imported', 'currency', 'GBP', 'price', 3
)), %(key)s);

-- flow: a price list is made and ended
select * from product.create_price_list(%(key)s, 'New list', 20, 'trade', null, null, %(key)s);
select * from product.update_price_list(%(key)s, %(version)s, 'Old list', 20, null, null, false, %(key)s);

-- flow: a branch of the tree is made, moved and removed
select * from product.create_category(%(key)s, 'New category', 'c-1', %(key)s);
select * from product.update_category(%(key)s, '{"name": "Better"}', 1, %(key)s);
select * from product.move_category(%(key)s, 'c-2', %(version)s, %(key)s);
select * from product.set_category_status(%(key)s, 'archived', %(version)s, %(key)s);
select * from product.delete_category(%(key)s, %(version)s, %(key)s);

-- flow: search documents that an upgrade left behind
-- job
select * from product.rebuild_search_documents(10);
