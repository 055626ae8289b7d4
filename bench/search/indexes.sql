create index products_content_idx on rival.products using gin (content ext.gin_trgm_ops);
create index products_words_idx on rival.products using gin (words);
create index products_popularity_idx on rival.products (popularity desc, product_id desc);
create index products_filters_idx on rival.products (top_category_id, price);
-- For the writer alone: without it each change of a rival's row would read them all.
create unique index on rival.products (sku);
