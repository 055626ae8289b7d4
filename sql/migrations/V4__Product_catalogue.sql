-- Categories, products, variants and their base prices.

set local role shop_owner;

create table product.categories (
    category_id bigint generated always as identity,
    parent_id bigint,
    slug text not null,
    name text not null,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint categories_pkey primary key (category_id),
    constraint categories_slug_key unique (slug),
    constraint categories_parent_id_fkey foreign key (parent_id)
    references product.categories (category_id) on delete restrict,
    constraint categories_parent_is_another_check check (parent_id <> category_id),
    constraint categories_slug_is_url_safe_check check (
        slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and pg_catalog.length(slug) <= 100
    ),
    constraint categories_name_length_check check (pg_catalog.length(name) between 1 and 200)
);
comment on table product.categories is 'The tree of categories.';
comment on column product.categories.category_id is 'Key inside the database.';
comment on column product.categories.parent_id is 'The category above; null at the top.';
comment on column product.categories.slug is 'Name in addresses: lower-case words and hyphens.';
comment on column product.categories.name is 'Name for people.';
comment on column product.categories.version is 'Counts edits.';
comment on column product.categories.created_at is 'When it was made.';
comment on column product.categories.updated_at is 'When it was last edited.';
comment on column product.categories.updated_by is 'The actor of the last edit.';
comment on index product.categories_pkey is 'For the foreign keys of the tree and of products.';
comment on index product.categories_slug_key is
'For product.create_category and product.import_products.';

create index categories_parent_id_idx on product.categories (parent_id);
comment on index product.categories_parent_id_idx is
'For the children of a category, and its foreign key on delete.';

create table product.products (
    product_id bigint generated always as identity,
    public_id uuid not null default pg_catalog.gen_random_uuid(),
    code text not null,
    category_id bigint,
    name text not null,
    description text not null default '',
    status text not null default 'active',
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint products_pkey primary key (product_id),
    constraint products_public_id_key unique (public_id),
    constraint products_code_key unique (code),
    constraint products_category_id_fkey foreign key (category_id)
    references product.categories (category_id) on delete restrict,
    constraint products_code_length_check check (pg_catalog.length(code) between 1 and 64),
    constraint products_name_length_check check (pg_catalog.length(name) between 1 and 500),
    constraint products_description_length_check check (
        pg_catalog.length(description) <= 100000
    ),
    constraint products_status_check check (status in ('draft', 'active', 'archived'))
);
comment on table product.products is 'What a product page shows; it is sold as its variants.';
comment on column product.products.product_id is 'Key inside the database.';
comment on column product.products.public_id is 'Key shown to customers.';
comment on column product.products.code is
'The merchant''s own code of the product; that of a product with one variant is its SKU.';
comment on column product.products.category_id is 'Where it stands in the tree; null is nowhere.';
comment on column product.products.name is 'Name for people.';
comment on column product.products.description is 'Plain text.';
comment on column product.products.status is 'draft, active or archived; only active ones sell.';
comment on column product.products.version is 'Counts edits.';
comment on column product.products.created_at is 'When it was made.';
comment on column product.products.updated_at is 'When it was last edited.';
comment on column product.products.updated_by is 'The actor of the last edit.';
comment on index product.products_pkey is
'For product.variant_list and the foreign key of variants.';
comment on index product.products_public_id_key is 'For product.variant_list by the public key.';
comment on index product.products_code_key is 'For product.import_products.';

create index products_category_id_idx on product.products (category_id);
comment on index product.products_category_id_idx is
'For the products of a category, and its foreign key on delete.';

create table product.variants (
    variant_id bigint generated always as identity,
    product_id bigint not null,
    sku text not null,
    name text not null,
    is_active boolean not null default true,
    version bigint not null default 1,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint variants_pkey primary key (variant_id),
    constraint variants_sku_key unique (sku),
    constraint variants_product_id_fkey foreign key (product_id)
    references product.products (product_id) on delete restrict,
    constraint variants_sku_is_one_trimmed_word_check check (
        pg_catalog.length(sku) between 1 and 64 and sku !~ '^\s|\s$|[[:cntrl:]]'
    ),
    constraint variants_name_length_check check (pg_catalog.length(name) between 1 and 500)
);
comment on table product.variants is 'The sellable unit: what has a SKU, a price and stock.';
comment on column product.variants.variant_id is
'Key inside the database; everything of stock leads with it.';
comment on column product.variants.product_id is 'The product that it is a form of.';
comment on column product.variants.sku is 'The merchant''s code; unique, 1 to 64 characters.';
comment on column product.variants.name is 'Name for people.';
comment on column product.variants.is_active is 'Whether it may be sold.';
comment on column product.variants.version is 'Counts edits.';
comment on column product.variants.created_at is 'When it was made.';
comment on column product.variants.updated_at is 'When it was last edited.';
comment on column product.variants.updated_by is 'The actor of the last edit.';
comment on index product.variants_pkey is
'For inventory.stock_levels and the foreign key of stock.';
comment on index product.variants_sku_key is
'For every function that takes a SKU, inventory.reserve_inventory first.';

create index variants_product_id_idx on product.variants (product_id);
comment on index product.variants_product_id_idx is
'For the variants of a product, and its foreign key on delete.';

create table product.prices (
    variant_id bigint not null,
    currency text not null,
    amount numeric(19, 4) not null,
    max_amount numeric(19, 4) not null,
    version bigint not null default 1,
    updated_at timestamptz not null default pg_catalog.clock_timestamp(),
    updated_by text not null,
    constraint prices_pkey primary key (variant_id, currency),
    constraint prices_variant_id_fkey foreign key (variant_id)
    references product.variants (variant_id) on delete cascade,
    constraint prices_currency_fkey foreign key (currency)
    references core.currencies (code) on delete restrict,
    constraint prices_amount_is_positive_check check (amount > 0),
    constraint prices_amount_within_limit_check check (amount <= max_amount)
);
comment on table product.prices is 'The base price of a variant in a currency.';
comment on column product.prices.variant_id is 'What is priced.';
comment on column product.prices.currency is 'The currency of the amount.';
comment on column product.prices.amount is
'Price of one unit, rounded to the currency''s exponent.';
comment on column product.prices.max_amount is
'The rule price_max as it was in force when the price was set.';
comment on column product.prices.version is 'Counts edits.';
comment on column product.prices.updated_at is 'When it was last set.';
comment on column product.prices.updated_by is 'The actor who set it.';
comment on index product.prices_pkey is 'For product.variant_list and product.import_products.';

create index prices_currency_idx on product.prices (currency);
comment on index product.prices_currency_idx is
'For the foreign key to core.currencies when a currency is deleted.';
