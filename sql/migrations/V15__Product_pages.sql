-- What product pages and the editors' list of products read.

set local role shop_owner;

-- lint: allow squawk/require-concurrent-index-creation: the table came with V11, moments before
create index product_reviews_product_id_review_id_idx
on product.product_reviews (product_id, review_id) where status = 'approved';
comment on index product.product_reviews_product_id_review_id_idx is
'For product.get_product_details: the newest approved reviews, however many others there are.';

-- lint: allow squawk/require-concurrent-index-creation: a catalogue is read in moments
create index products_status_code_idx on product.products (status, code);
comment on index product.products_status_code_idx is
'For product.list_products_admin by code; drafts are few among the rest.';

-- lint: allow squawk/require-concurrent-index-creation: a catalogue is read in moments
create index products_status_updated_at_product_id_idx
on product.products (status, updated_at, product_id);
comment on index product.products_status_updated_at_product_id_idx is
'For product.list_products_admin, what was edited last first.';

insert into core.business_rules (name, value, unit, description) values
    ('products_per_call_max', 100, 'products', 'Products of one call that reads whole pages.');
