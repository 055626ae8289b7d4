-- The roles stay: they belong to the cluster, and other databases use them.
set local role shop_owner;

delete from core.business_rules
where name in (
    'category_depth_max', 'product_images_max', 'product_tags_max', 'product_specifications_max',
    'product_options_max', 'product_option_values_max', 'product_suppliers_max'
);

drop table product.content_drafts;
drop table product.content_versions;
drop table product.supplier_references;
drop table product.product_images;
drop table product.specifications;
drop table product.option_values;
drop table product.product_options;

drop index product.variants_barcode_key;
drop index product.variants_product_id_options_key;
alter table product.variants
    drop column position,
    drop column weight_grams,
    drop column barcode,
    drop column options;

drop index product.products_metadata_idx;
drop index product.products_tags_idx;
alter table product.products
    drop column published_at,
    drop column metadata,
    drop column tags,
    drop column language,
    drop column brand,
    drop column slug;

drop index product.categories_path_idx;
drop index product.categories_parent_id_parent_path_idx;
alter table product.categories
    drop constraint categories_parent_id_parent_path_fkey,
    drop constraint categories_category_id_path_key,
    drop column status,
    drop column position,
    drop column description,
    drop column path,
    drop column parent_path,
    add constraint categories_parent_id_fkey foreign key (parent_id)
    references product.categories (category_id) on delete restrict;
create index categories_parent_id_idx on product.categories (parent_id);
comment on index product.categories_parent_id_idx is
'For the children of a category, and its foreign key on delete.';
