set local role shop_owner;

delete from core.business_rules
where name = 'products_per_call_max';

drop index product.products_status_updated_at_product_id_idx;
drop index product.products_status_code_idx;
drop index product.product_reviews_product_id_review_id_idx;
